/** Who one is to WeChat, and what may be asked of them: codes come from the simulator, as they would from WeChat. */
const office = require('./office');
const { phone } = require('./phone');

const MOST_TEMPLATES = 3;

const later = {
  async login() {
    if (!phone.hasNetwork) throw new Error('login:fail network');
    return { code: await office.loginCode(phone.person) };
  },
  checkSession: () => ({}),
  async requestSubscribeMessage({ tmplIds }) {
    if (!Array.isArray(tmplIds) || !tmplIds.length) throw refusal(10001, 'TmplIds can not be empty');
    if (tmplIds.length > MOST_TEMPLATES) throw refusal(20003, 'Templates count out of max bounds');
    const results = Object.fromEntries(tmplIds.map((id) => [id, phone.subscribes(id)]));
    await office.answerPrompt(phone.person, results);
    phone.prompts.push({ templateIds: tmplIds, answer: results });
    return { ...results, errMsg: 'requestSubscribeMessage:ok' };
  },
  getSetting: () => ({ authSetting: {}, subscriptionsSetting: { mainSwitch: true, itemSettings: {} } }),
  authorize: () => ({}),
  getPrivacySetting: () => ({ needAuthorization: !phone.privacyAgreed, privacyContractName: '《用户隐私保护指引》' }),
  requirePrivacyAuthorize() {
    if (!phone.privacyAgreed) throw Object.assign(new Error('requirePrivacyAuthorize:fail'), { errno: 104 });
  },
  getNetworkType: () => ({ networkType: phone.hasNetwork ? 'wifi' : 'none' }),
  getSystemInfo: () => ({ ...WINDOW, ...DEVICE, ...BASE }),
  getSystemInfoAsync: () => ({ ...WINDOW, ...DEVICE, ...BASE }),
};

/** Those that WeChat lets run only while a tap is handled; asked before anything is awaited. */
function ensureTap(name) {
  if (!phone.inTap) throw refusal(undefined, `${name}:fail can only be invoked by user TAP gesture.`);
}

const refusal = (errCode, message) => Object.assign(new Error(message), { errCode });

const WINDOW = { windowWidth: 375, windowHeight: 667, screenWidth: 375, screenHeight: 667, pixelRatio: 2, statusBarHeight: 20, safeArea: { left: 0, top: 20, right: 375, bottom: 667, width: 375, height: 647 } };
const DEVICE = { brand: 'devtools', model: 'iPhone 6/7/8', system: 'iOS 10.0.1', platform: 'devtools' };
const BASE = { SDKVersion: '3.8.0', version: '8.0.5', language: 'zh_CN', fontSizeSetting: 16, theme: 'light', host: { env: 'WeChat' } };

const sync = {
  getWindowInfo: () => WINDOW,
  getDeviceInfo: () => DEVICE,
  getAppBaseInfo: () => BASE,
  getSystemSetting: () => ({}),
  getAppAuthorizeSetting: () => ({}),
  getMenuButtonBoundingClientRect: () => ({ left: 278, top: 24, right: 365, bottom: 56, width: 87, height: 32 }),
  getLaunchOptionsSync: () => phone.launch,
  getEnterOptionsSync: () => phone.launch,
  getAccountInfoSync: () => ({ miniProgram: { appId: office.demo().wechat.appid, envVersion: 'develop', version: '' } }),
  canIUse: () => true,
  getUpdateManager: () => ({ onCheckForUpdate() {}, onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} }),
  getFileSystemManager: () => require('node:fs'),
};

module.exports = { ensureTap, later, sync };
