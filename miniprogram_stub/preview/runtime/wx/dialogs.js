// showToast, showLoading, showModal, showActionSheet.
import { icon } from '../icons.js';
import { answers, ask, choose, field, make } from '../overlays.js';
import { asynchronous, Failure } from './calls.js';

const LONGEST_BUTTON = 4;
const MOST_ITEMS = 6;
const TOAST_TIME = 1500;

let toastTimer;

/** Toast and loading share one place, as in WeChat: the newer one is seen. */
function showToast({ title = '', icon: sign = 'success', duration = TOAST_TIME, mask, image }, isLoading = false) {
  hideToast();
  const toast = make('div', `toast toast-${isLoading ? 'loading' : sign}`);
  const drawn = { success: 'success_no_circle', error: 'warn' }[sign];
  if (isLoading || sign === 'loading') toast.append(make('span', 'spinner', undefined, { ariaHidden: 'true' }));
  else if (drawn && !image) toast.insertAdjacentHTML('afterbegin', icon(drawn));
  toast.append(make('span', 'toast-text', title));
  const place = document.querySelector('.toasts');
  place.classList.toggle('is-mask', Boolean(mask));
  place.replaceChildren(toast);
  if (!isLoading) toastTimer = setTimeout(hideToast, duration);
}

function hideToast() {
  clearTimeout(toastTimer);
  const place = document.querySelector('.toasts');
  place.replaceChildren();
  place.classList.remove('is-mask');
}

async function showModal(options) {
  const {
    title = '',
    content = '',
    showCancel = true,
    cancelText = '取消',
    confirmText = '确定',
    editable,
    placeholderText,
  } = options;
  for (const [name, text] of Object.entries({ cancelText, confirmText })) {
    if (text.length > LONGEST_BUTTON) throw new Failure(`${name} length should not larger than 4 Chinese characters`);
  }
  const input = make('input', '', undefined, { value: editable ? content : '', placeholder: placeholderText || '' });
  const confirmed = await ask('box', title || content || '提示', (body, answer) => {
    if (title) body.append(make('h2', 'overlay-title', title));
    if (editable) body.append(field(title || placeholderText || '请输入', input));
    else if (content) body.append(make('p', 'overlay-text', content));
    const row = answers({ cancel: showCancel ? cancelText : null, confirm: confirmText }, answer);
    row.lastChild.style.color = options.confirmColor || '';
    if (showCancel) row.firstChild.style.color = options.cancelColor || '';
    body.append(row);
  });
  const found = { confirm: confirmed === true, cancel: confirmed !== true };
  return editable && confirmed ? { ...found, content: input.value } : found;
}

async function showActionSheet({ itemList, itemColor, alertText }) {
  if (!itemList?.length) throw new Failure('parameter error: itemList should have at least one item');
  if (itemList.length > MOST_ITEMS) throw new Failure('parameter error: itemList should not be larger than 6');
  const tapIndex = await choose({ title: alertText || '请选择', items: itemList, color: itemColor });
  if (tapIndex === null) throw new Failure('cancel');
  return { tapIndex };
}

export const dialogFunctions = {
  showToast: asynchronous('showToast', (options) => showToast(options)),
  hideToast: asynchronous('hideToast', hideToast),
  showLoading: asynchronous('showLoading', (options) => showToast(options, true)),
  hideLoading: asynchronous('hideLoading', hideToast),
  showModal: asynchronous('showModal', showModal),
  showActionSheet: asynchronous('showActionSheet', showActionSheet),
};
