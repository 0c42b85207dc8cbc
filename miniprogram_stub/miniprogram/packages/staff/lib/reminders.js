/** 微信提醒: how many messages are left of each kind, and asking for more at a natural tap when few are. */
const { endpoint } = require('../../../lib/contract');
const session = require('../../../lib/session');
const subscribing = require('../../../lib/subscribing');
const { ask } = require('./desk');

const KEYS = ['task', 'deadline', 'supervision'];
const FEW = 3;

/** @type {Record<string, number>} what the server said last */
let left = {};

/** @returns {Promise<void>} rejects with a Problem */
async function load() {
  const { data } = await ask({ path: endpoint('subscriptions') });
  left = Object.fromEntries(data.items.map((/** @type {any} */ item) => [item.template, item.granted]));
}

/** @returns {{key: string, title: string, text: string}[]} the kinds that exist here */
function shown() {
  return session.prompts('staff').map(({ key, title, long_term: longTerm }) => {
    const number = left[key] || 0;
    const once = number ? `还可以收 ${number} 条` : '用完了，点下面再要';
    return { key, title, text: longTerm ? (number ? '一直可以收' : '还没有同意') : once };
  });
}

/** @param {{key: string, long_term: boolean}} prompt */
const isShort = ({ key, long_term: longTerm }) => (left[key] || 0) < (longTerm ? 1 : FEW);

/**
 * Call it first thing in the handler of a tap. Nothing is asked while enough is left.
 * @returns {Promise<any>}
 */
function askWhenFew() {
  const keys = session.prompts('staff').filter(isShort).map((prompt) => prompt.key);
  return keys.length ? askFor(keys) : Promise.resolve();
}

/**
 * Call it first thing in the handler of a tap.
 * @param {string[]} [keys]
 */
async function askFor(keys = KEYS) {
  const answer = await subscribing.ask('staff', keys);
  if (answer === 'accepted') for (const key of keys) left[key] = (left[key] || 0) + 1;
  return answer;
}

const forget = () => {
  left = {};
};

module.exports = { KEYS, askFor, askWhenFew, forget, load, shown };
