// What the phone and WeChat say of themselves.
import { entryOptions, launchOptions, listen, unlisten } from '../life.js';
import { current } from '../pages.js';
import { idle } from './calls.js';

const VERSION = '3.8.0';

function windowInfo() {
  const { width, height } = document.documentElement.getBoundingClientRect();
  const page = document.querySelector('.pages').getBoundingClientRect();
  const statusBarHeight = document.querySelector('.status-bar').offsetHeight;
  return {
    pixelRatio: devicePixelRatio,
    screenWidth: width,
    screenHeight: height,
    windowWidth: width,
    windowHeight: page.height,
    statusBarHeight,
    screenTop: page.top,
    safeArea: { left: 0, right: width, top: statusBarHeight, bottom: height, width, height: height - statusBarHeight },
  };
}

const appBaseInfo = () => ({
  SDKVersion: VERSION,
  version: '8.0.50',
  language: 'zh_CN',
  theme: 'light',
  enableDebug: false,
  fontSizeSetting: 16,
  host: { env: 'WeChat' },
});
const deviceInfo = () => ({
  brand: 'devtools',
  model: '预览',
  system: 'iOS 17',
  platform: 'devtools',
  benchmarkLevel: 40,
  abi: '',
  memorySize: 4096,
});
const systemSetting = () => ({
  bluetoothEnabled: true,
  locationEnabled: true,
  wifiEnabled: true,
  deviceOrientation: 'portrait',
});
const capsuleRect = () => {
  const { left, top, right, bottom, width, height } = document.querySelector('.capsule').getBoundingClientRect();
  return { left, top, right, bottom, width, height };
};
const systemInfo = () => ({ ...appBaseInfo(), ...deviceInfo(), ...windowInfo(), ...systemSetting() });

export const deviceFunctions = {
  getWindowInfo: windowInfo,
  getAppBaseInfo: appBaseInfo,
  getDeviceInfo: deviceInfo,
  getSystemSetting: systemSetting,
  getAppAuthorizeSetting: () => ({
    cameraAuthorized: 'authorized',
    albumAuthorized: 'authorized',
    notificationAuthorized: 'authorized',
  }),
  getSystemInfoSync: systemInfo,
  getSystemInfo: ({ success, complete } = {}) => {
    const found = { ...systemInfo(), errMsg: 'getSystemInfo:ok' };
    success?.(found);
    complete?.(found);
    return Promise.resolve(found);
  },
  getMenuButtonBoundingClientRect: capsuleRect,
  getLaunchOptionsSync: launchOptions,
  getEnterOptionsSync: entryOptions,
  onAppShow: (listener) => listen('AppShow', listener),
  offAppShow: (listener) => unlisten('AppShow', listener),
  onAppHide: (listener) => listen('AppHide', listener),
  offAppHide: (listener) => unlisten('AppHide', listener),
  onError: (listener) => listen('Error', listener),
  offError: (listener) => unlisten('Error', listener),
  onUnhandledRejection: (listener) => listen('UnhandledRejection', listener),
  offUnhandledRejection: (listener) => unlisten('UnhandledRejection', listener),
  onPageNotFound: (listener) => listen('PageNotFound', listener),
  offPageNotFound: (listener) => unlisten('PageNotFound', listener),
  // There is never a newer version of a preview.
  getUpdateManager: () => ({
    onCheckForUpdate: (listener) => setTimeout(() => listener({ hasUpdate: false })),
    onUpdateReady: () => {},
    onUpdateFailed: () => {},
    applyUpdate: () => location.reload(),
  }),
  createSelectorQuery: () => current().instance.createSelectorQuery(),
  createIntersectionObserver: (component, options) => component.createIntersectionObserver(options),
  nextTick: (run) => void Promise.resolve().then(run),
  onKeyboardHeightChange: () => {},
  offKeyboardHeightChange: () => {},
  onThemeChange: () => {},
  ...idle(
    'vibrateShort',
    'vibrateLong',
    'hideKeyboard',
    'setKeepScreenOn',
    'showShareMenu',
    'hideShareMenu',
    'hideHomeButton',
    'setBackgroundColor',
    'setBackgroundTextStyle',
    'reportEvent',
    'preloadPage',
  ),
};
