/** `wx`, as far as it is used here. What is not here fails loudly, so that nothing is taken to work that was not tried. */
const network = require('./network');
const { phone } = require('./phone');
const { navigation } = require('./stack');
const { begin } = require('./waiting');
const account = require('./wx_account');
const showing = require('./wx_showing');
const storage = require('./wx_storage');

const ONLY_IN_A_TAP = ['requestSubscribeMessage', 'openSetting', 'exitMiniProgram'];
const LISTENERS = /^(on|off)[A-Z]/;

/**
 * A function of WeChat's usual kind: it answers later, by callbacks, or by a promise where none is given.
 * @param {string} name
 * @param {(options: any) => any} act
 */
function answering(name, act) {
  return (options = {}) => {
    if (ONLY_IN_A_TAP.includes(name)) {
      try {
        account.ensureTap(name);
      } catch (error) {
        return Promise.resolve().then(() => give(options, name, error));
      }
    }
    phone.shown.push({ name, options });
    const ended = begin();
    const done = new Promise((resolve) => setTimeout(resolve, 0))
      .then(() => act(options))
      .then((result) => ({ errMsg: `${name}:ok`, ...result }));
    return done.finally(ended).then(
      (result) => give(options, name, null, result),
      (error) => give(options, name, error),
    );
  };
}

function give(options, name, error, result) {
  const hasCallbacks = options.success || options.fail || options.complete;
  if (!error) {
    options.success?.(result);
    options.complete?.(result);
    return result;
  }
  const failure = { errMsg: error.message.startsWith(name) ? error.message : `${name}:fail ${error.message}`, errCode: error.errCode, errno: error.errno };
  options.fail?.(failure);
  options.complete?.(failure);
  if (hasCallbacks) return undefined;
  throw Object.assign(new Error(failure.errMsg), failure);
}

/** Going to a page that is not there, or too deep, is a fault of the sources: it fails the test, whoever listens. */
function navigating(name) {
  return (options = {}) => {
    phone.shown.push({ name, options });
    const ended = begin();
    setTimeout(() => {
      ended();
      navigation[name](options);
      give(options, name, null, { errMsg: `${name}:ok` });
    }, 0);
  };
}

const later = { ...showing.later, ...account.later, ...storage.later };
const parts = {
  ...storage.sync,
  ...account.sync,
  ...Object.fromEntries(Object.entries(later).map(([name, act]) => [name, answering(name, act)])),
  ...Object.fromEntries(Object.keys(navigation).map((name) => [name, navigating(name)])),
  request: network.request,
  uploadFile: network.uploadFile,
  downloadFile: network.downloadFile,
  nextTick: (act) => Promise.resolve().then(act),
  env: { USER_DATA_PATH: '/tmp' },
};

globalThis.wx = new Proxy(parts, {
  get(known, name) {
    if (name in known || typeof name === 'symbol') return known[name];
    if (LISTENERS.test(name)) return () => {};
    throw new Error(`wx.${String(name)} is not part of the test phone`);
  },
});

module.exports = { wx: globalThis.wx };
