/**
 * What has been fetched and may be wanted again while the mini program runs: who I am, the directory, rules of units, the
 * inquiry that is open. It is never written to the phone, and signing out empties it.
 */
const { endpoint } = require('../../../lib/contract');
const { ask } = require('./desk');

/** @typedef {{inquiry: any, version: string}} OpenCase */

/** @type {Map<string, any>} */
const kept = new Map();

/**
 * @param {string} name
 * @param {() => Promise<any>} fetch
 * @returns {Promise<any>}
 */
async function once(name, fetch) {
  if (!kept.has(name)) kept.set(name, await fetch());
  return kept.get(name);
}

/** Who I am, with the counts of the boxes: always asked anew. */
async function freshMe() {
  const { data } = await ask({ path: endpoint('me') });
  kept.set('me', data);
  return data;
}

const me = () => once('me', freshMe);

/** @returns {Promise<any[]>} units with their sections, the own unit first */
async function directory() {
  // Who is present changes during the day: it is asked anew for every form.
  const { data } = await ask({ path: endpoint('directory') });
  kept.set('directory', data.items);
  return data.items;
}

/** @returns {any[]} the directory as it was fetched last */
const heldDirectory = () => kept.get('directory') || [];

/** @param {string} unit @returns {Promise<any>} its 事项目录 and which measure binds it */
const rules = (unit) => once(`rules.${unit}`, async () => (await ask({ path: endpoint('unitRules', { unit }) })).data);

/** @param {string} number @returns {Promise<OpenCase>} */
async function openCase(number) {
  const { data, version } = await ask({ path: endpoint('staffInquiry', { number }) });
  const opened = { inquiry: data, version };
  kept.set('case', opened);
  return opened;
}

/** @param {string} number @returns {OpenCase | null} the inquiry as it was shown last, if it was this one */
function heldCase(number) {
  const held = kept.get('case');
  return held && held.inquiry.number === number ? held : null;
}

/** What was shown is no longer how it stands: one's own act has moved it. */
const forgetCase = () => kept.delete('case');

const forget = () => kept.clear();

module.exports = { freshMe, me, directory, heldDirectory, rules, openCase, heldCase, forgetCase, forget };
