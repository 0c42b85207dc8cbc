/** Storage of the phone. Values go in and out as JSON, as WeChat writes them down. */
const { phone } = require('./phone');

const copied = (value) => (value === undefined ? '' : JSON.parse(JSON.stringify(value)));

function checked() {
  if (phone.storageIsBroken) throw new Error('setStorageSync:fail exceed storage max size 10Mb');
}

const sync = {
  getStorageSync: (key) => (phone.storage.has(key) ? copied(phone.storage.get(key)) : ''),
  setStorageSync(key, value) {
    checked();
    phone.storage.set(key, copied(value));
  },
  removeStorageSync(key) {
    phone.storage.delete(key);
  },
  clearStorageSync() {
    phone.storage.clear();
  },
  getStorageInfoSync: () => ({ keys: [...phone.storage.keys()], currentSize: 1, limitSize: 10240 }),
};

const later = {
  getStorage({ key }) {
    if (!phone.storage.has(key)) throw new Error('getStorage:fail data not found');
    return { data: sync.getStorageSync(key) };
  },
  setStorage: ({ key, data }) => sync.setStorageSync(key, data),
  removeStorage: ({ key }) => sync.removeStorageSync(key),
  clearStorage: () => sync.clearStorageSync(),
  getStorageInfo: () => sync.getStorageInfoSync(),
};

module.exports = { later, sync };
