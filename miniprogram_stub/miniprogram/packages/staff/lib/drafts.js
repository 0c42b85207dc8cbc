/** Drafts of staff stand under one prefix, so that signing out leaves nothing of anybody on the phone. */
const drafts = require('../../../lib/drafts');
const { newKey } = require('../../../lib/keys');

const PREFIX = 'staff.';

/** @param {string} name @returns {import('../../../lib/drafts').Draft | null} */
const load = (name) => drafts.load(PREFIX + name);

/**
 * @param {string} name
 * @param {Record<string, any>} values
 * @returns {string} the key to send it by
 */
const save = (name, values) => drafts.save(PREFIX + name, values);

/**
 * The same words as something new: what was sent by the old key is settled.
 * @param {string} name
 * @param {Record<string, any>} values
 * @returns {string} the new key
 */
const renew = (name, values) => drafts.save(PREFIX + name, values, newKey());

/** @param {string} name */
const clear = (name) => drafts.clear(PREFIX + name);

const clearAll = () => drafts.clearAll(PREFIX);

module.exports = { load, save, renew, clear, clearAll };
