/**
 * What a person has written and not yet sent: kept through a lost network, an ended session and a killed app, with the
 * key it will be sent by, so that a draft sent twice is filed once.
 */
const { newKey } = require('./keys');
const store = require('./store');

const LONGEST = 7 * 24 * 3600 * 1000;

/**
 * `as`: by which door it was sent, where that is known: a key belongs to who used it.
 * @typedef {{values: Record<string, any>, key: string, savedAt: number, as?: string}} Draft
 */

/**
 * @param {string} name what it is a draft of, e.g. `new.1TVJ…` or `act.2026….supplement`
 * @returns {Draft | null} nothing older than a week: the server keeps answers to keys no longer
 */
function load(name) {
  const draft = store.get(`draft.${name}`, null);
  return draft && Date.now() - draft.savedAt < LONGEST ? draft : null;
}

/**
 * @param {string} name
 * @param {Record<string, any>} values
 * @param {string} [key] the one it is sent by
 * @param {string} [as] the door it is sent through
 * @returns {string} the key to send it by
 */
function save(name, values, key, as) {
  const before = load(name);
  const draft = {
    values,
    key: key || (before && before.key) || newKey(),
    savedAt: Date.now(),
    as: as || (before && before.as) || undefined,
  };
  store.set(`draft.${name}`, draft);
  return draft.key;
}

/** @param {string} name */
const clear = (name) => store.remove(`draft.${name}`);

/** @param {string} prefix forget every draft whose name begins so, e.g. `staff.` */
function clearAll(prefix) {
  for (const name of store.names(`draft.${prefix}`)) store.remove(name);
}

module.exports = { load, save, clear, clearAll };
