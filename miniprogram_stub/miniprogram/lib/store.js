/**
 * The only door to the phone's storage. What is kept: sessions, drafts, the text size, answers that wait to be told.
 * A full or broken storage never stops what a person is doing: reading gives the default, writing says whether it held.
 */
const PREFIX = 'shouwen.';

/**
 * @template T
 * @param {string} name
 * @param {T} [otherwise] what to give where nothing is kept
 * @returns {T | any}
 */
function get(name, otherwise) {
  try {
    const kept = wx.getStorageSync(PREFIX + name);
    return kept === '' || kept === undefined || kept === null ? otherwise : kept;
  } catch {
    return otherwise;
  }
}

/**
 * @param {string} name
 * @param {any} value plain data
 * @returns {boolean} whether it was kept
 */
function set(name, value) {
  try {
    wx.setStorageSync(PREFIX + name, value);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} name */
function remove(name) {
  try {
    wx.removeStorageSync(PREFIX + name);
  } catch {
    // Nothing was kept that could be removed.
  }
}

/**
 * @param {string} prefix
 * @returns {string[]} what is kept under names that begin so
 */
function names(prefix) {
  try {
    const wanted = PREFIX + prefix;
    return wx
      .getStorageInfoSync()
      .keys.filter((key) => key.startsWith(wanted))
      .map((key) => key.slice(PREFIX.length));
  } catch {
    return [];
  }
}

/** Forget everything of ours, the text size apart: it says nothing of anybody. */
function clear() {
  const large = get('large', false);
  try {
    wx.clearStorageSync();
  } catch {
    return;
  }
  if (large) set('large', true);
}

module.exports = { get, set, remove, names, clear };
