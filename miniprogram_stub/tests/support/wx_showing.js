/** What a phone shows, opens, copies and answers: each call is written down, questions are answered as the test says. */
const { phone } = require('./phone');

const SILENT = [
  'showToast', 'hideToast', 'showLoading', 'hideLoading', 'setNavigationBarTitle', 'setNavigationBarColor',
  'showNavigationBarLoading', 'hideNavigationBarLoading', 'hideHomeButton', 'startPullDownRefresh', 'stopPullDownRefresh',
  'pageScrollTo', 'setClipboardData', 'makePhoneCall', 'openDocument', 'openLocation', 'previewImage', 'previewMedia',
  'vibrateShort', 'vibrateLong', 'hideKeyboard', 'enableAlertBeforeUnload', 'disableAlertBeforeUnload', 'openSetting',
  'openPrivacyContract', 'setTabBarBadge', 'removeTabBarBadge', 'showTabBarRedDot', 'hideTabBarRedDot',
  'setBackgroundTextStyle', 'setBackgroundColor', 'saveImageToPhotosAlbum', 'exitMiniProgram', 'setVisualEffectOnCapture',
  'showShareMenu', 'hideShareMenu', 'setPageStyle', 'openCustomerServiceChat', 'setInnerAudioOption',
]; // prettier-ignore

const later = {
  ...Object.fromEntries(SILENT.map((name) => [name, () => ({})])),
  showModal(asked) {
    const confirm = Boolean(phone.confirms(asked));
    return { confirm, cancel: !confirm, content: asked.editable ? String(asked.content || '') : undefined };
  },
  showActionSheet({ itemList }) {
    const tapIndex = phone.chooses(itemList);
    if (tapIndex < 0) throw new Error('showActionSheet:fail cancel');
    return { tapIndex };
  },
  chooseMedia(asked) {
    const files = chosen('chooseMedia', asked.count ?? 9);
    const tempFiles = files.map(({ path, size }) => ({ tempFilePath: path, size, fileType: 'image' }));
    return { tempFiles, type: 'image' };
  },
  chooseImage(asked) {
    const files = chosen('chooseImage', asked.count ?? 9);
    return { tempFilePaths: files.map((file) => file.path), tempFiles: files };
  },
  chooseMessageFile(asked) {
    const files = chosen('chooseMessageFile', asked.count);
    return { tempFiles: files.map((file) => ({ ...file, name: file.path.split('/').pop(), type: 'file', time: 0 })) };
  },
  compressImage: ({ src }) => ({ tempFilePath: src }),
  getClipboardData: () => ({ data: '' }),
  getImageInfo: ({ src }) => ({ path: src, width: 1, height: 1, type: 'jpeg' }),
  scanCode() {
    throw new Error('scanCode:fail cancel');
  },
};

function chosen(name, most) {
  if (!phone.privacyAgreed) throw Object.assign(new Error(`${name}:fail privacy permission is not authorized`), { errno: 104 });
  const files = phone.files.splice(0, most);
  if (!files.length) throw new Error(`${name}:fail cancel`);
  return files;
}

module.exports = { later };
