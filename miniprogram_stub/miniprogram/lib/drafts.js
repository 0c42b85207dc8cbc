/**
 * What a person has written and not yet sent: kept through a lost network, an ended session and a killed app, with the
 * key it will be sent by, so that a draft sent twice is filed once.
 */
const { newKey } = require('./keys');
const store = require('./store');

const LONGEST = 7 * 24 * 3600 * 1000;

/** @typedef {{values: Record<string, any>, key: string, savedAt: number, as?: string}} Draft */

/**
 * @param {string} name what it is a draft of, e.g. `new.sign.ABC` or `act.2026….supplement`
 * @returns {Draft | null} nothing older than a week: the server keeps answers to keys no longer
 */
function load(name) {
  const draft = store.get(`draft.${name}`, null);
  return draft && Date.now() - draft.savedAt < LONGEST ? draft : null;
}

/**
 * @param {string} name
 * @param {Record<string, any>} values
 * @param {string} [key] the one it was sent by already
 * @returns {string} the key to send it by
 */
function save(name, values, key) {
  const draft = { values, key: key || (load(name) || {}).key || newKey(), savedAt: Date.now() };
  store.set(`draft.${name}`, draft);
  return draft.key;
}

/** @param {string} name */
const clear = (name) => store.remove(`draft.${name}`);

module.exports = { load, save, clear };
