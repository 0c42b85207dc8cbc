/**
 * By what right an inquiry is opened: the session of who filed it, or a capability (from filing without a session, or
 * from a look-up by number and phone). Capabilities stay on this phone and are never part of an address.
 */
const store = require('./store');

const NAME = 'tracking';
const MOST = 50;
const LASTING = 400 * 24 * 3600 * 1000;

/** @param {string} number @returns {import('./http').Speaker} */
function speakerOf(number) {
  const found = store.get(NAME, {})[number];
  return found && found.until > Date.now() ? { tracking: found.token } : 'citizen';
}

/**
 * @param {string} number
 * @param {string} token
 * @param {string} [expiresAt] ISO 8601; without it the capability lasts
 */
function keep(number, token, expiresAt) {
  const all = store.get(NAME, {});
  all[number] = { token, until: expiresAt ? Date.parse(expiresAt) : Date.now() + LASTING };
  const newest = Object.entries(all).sort(([, a], [, b]) => b.until - a.until);
  store.set(NAME, Object.fromEntries(newest.slice(0, MOST)));
}

/** @param {string} number */
function forget(number) {
  const { [number]: _gone, ...rest } = store.get(NAME, {});
  store.set(NAME, rest);
}

/** @returns {string[]} numbers this phone holds a capability for */
const numbers = () => Object.keys(store.get(NAME, {}));

module.exports = { speakerOf, keep, forget, numbers };
