// Pictures, files, codes, the telephone, the clipboard.
import { answers, ask, button, field, make, tell } from '../overlays.js';
import { setup } from '../setup.js';
import { asynchronous, Failure } from './calls.js';
import { fileAt, imageUrl, keep } from './files.js';
import { withConsent } from './privacy.js';

const MOST_FILES = 9;

/** The browser's own dialog for files. Throws when it was closed without one. */
function pick({ accept, count }) {
  return new Promise((resolve, reject) => {
    const input = make('input', '', undefined, { type: 'file', accept, multiple: count > 1, hidden: true });
    input.onchange = () => resolve([...input.files].slice(0, count));
    input.oncancel = () => reject(new Failure('cancel'));
    document.body.append(input);
    input.click();
    input.remove();
  });
}

async function chooseMedia({ count = MOST_FILES, mediaType = ['image', 'video'] }) {
  const accept = mediaType.map((type) => `${type}/*`).join(',');
  const files = await pick({ accept, count });
  const tempFiles = files.map((file) => ({
    tempFilePath: keep(file, file.name),
    size: file.size,
    fileType: file.type.split('/')[0],
  }));
  return { tempFiles, type: mediaType.length > 1 ? 'mix' : mediaType[0] };
}

async function chooseMessageFile({ count, type = 'all', extension }) {
  const accept = type === 'image' ? 'image/*' : (extension || []).map((one) => `.${one.replace(/^\./, '')}`).join(',');
  const files = await pick({ accept, count });
  const time = Math.floor(Date.now() / 1000);
  return {
    tempFiles: files.map((file) => ({
      path: keep(file, file.name),
      name: file.name,
      size: file.size,
      time,
      type: file.type.startsWith('image/') ? 'image' : 'file',
    })),
  };
}

async function scanCode() {
  const input = make('input', '', undefined, { type: 'text', autocomplete: 'off' });
  const result = await ask('sheet', '扫一扫', (body, answer) => {
    body.append(make('h2', 'overlay-title', '扫一扫'));
    const list = make('div', 'overlay-list');
    for (const { unit, section, url } of setup.signs) {
      list.append(button('overlay-item', [unit, section].filter(Boolean).join(' '), () => answer(url)));
    }
    body.append(list, field('或者写码里的内容', input));
    body.append(answers({ cancel: '取消', confirm: '确定' }, (confirmed) => answer(confirmed && input.value.trim())));
  });
  if (!result) throw new Failure('cancel');
  return { result, scanType: 'QR_CODE', charSet: 'UTF-8', path: '', rawData: '' };
}

function previewImage({ urls, current }) {
  const start = Math.max(typeof current === 'number' ? current : urls.indexOf(current), 0);
  ask('box', '看图', (body, answer) => {
    body.classList.add('overlay-pictures');
    urls.forEach((url, index) =>
      body.append(make('img', '', undefined, { src: imageUrl(url), alt: `第 ${index + 1} 张，共 ${urls.length} 张` })),
    );
    body.append(button('overlay-confirm', '关闭', () => answer(null)));
    queueMicrotask(() => body.children[start]?.scrollIntoView());
  });
}

function openDocument({ filePath, fileType }) {
  const { blob, url, name } = fileAt(filePath);
  ask('box', '文件', (body, answer) => {
    const size = `${Math.max(Math.round(blob.size / 1024), 1)} KB`;
    body.append(make('h2', 'overlay-title', '在微信里，文件在这里打开'));
    body.append(make('p', 'overlay-text', `${fileType || blob.type || '文件'}，${size}`));
    body.append(
      make('a', 'overlay-link', '存到这台电脑', { href: url, download: name || `文件.${fileType || 'bin'}` }),
    );
    body.append(answers({ confirm: '关闭' }, answer));
  });
}

async function makePhoneCall({ phoneNumber }) {
  if (!phoneNumber) throw new Failure('parameter error: parameter.phoneNumber should be String');
  const called = await ask('sheet', '打电话', (body, answer) => {
    body.append(make('h2', 'overlay-title', phoneNumber), answers({ cancel: '取消', confirm: '呼叫' }, answer));
  });
  if (!called) throw new Failure('cancel');
}

let clipboard = '';

async function setClipboardData({ data }) {
  clipboard = String(data);
  // The browser may not allow it; the phone's own clipboard has it all the same.
  await navigator.clipboard?.writeText(clipboard).catch(() => {});
  globalThis.wx.showToast({ title: '内容已复制', icon: 'none' });
}

export const mediaFunctions = {
  chooseMedia: withConsent('chooseMedia', chooseMedia),
  chooseMessageFile: withConsent('chooseMessageFile', chooseMessageFile),
  scanCode: asynchronous('scanCode', scanCode),
  previewImage: asynchronous('previewImage', previewImage),
  openDocument: asynchronous('openDocument', openDocument),
  makePhoneCall: asynchronous('makePhoneCall', makePhoneCall),
  setClipboardData: withConsent('setClipboardData', setClipboardData),
  getClipboardData: asynchronous('getClipboardData', () => ({ data: clipboard })),
  getImageInfo: asynchronous('getImageInfo', async ({ src }) => {
    const image = new Image();
    image.src = imageUrl(src);
    await image.decode().catch(() => {
      throw new Failure('image not found');
    });
    return { width: image.naturalWidth, height: image.naturalHeight, path: src };
  }),
  saveImageToPhotosAlbum: asynchronous(
    'saveImageToPhotosAlbum',
    () => void tell({ title: '已存到相册', text: '预览里没有相册，图片没有真的保存。' }),
  ),
};
