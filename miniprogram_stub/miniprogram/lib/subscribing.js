/**
 * Asking whether WeChat may tell somebody of progress. One tap of agreement is one message; each answer is reported for
 * each template. WeChat shows its question only right after a tap, so nothing may be awaited between tap and question:
 * the templates are known from the sign-in.
 */
const { newKey } = require('./keys');
const session = require('./session');
const store = require('./store');

const MOST = 3;
const WAITING = 'subscriptions.waiting';

/**
 * Call it first thing in the handler of a tap.
 * @param {'citizen' | 'staff'} side
 * @param {string[]} keys our names of the templates
 * @returns {Promise<'accepted' | 'refused' | 'unavailable'>} never rejects: the message is a courtesy
 */
function ask(side, keys) {
  const wanted = session.prompts(side).filter((prompt) => keys.includes(prompt.key));
  // WeChat refuses a question about one-time and long-term templates together.
  const first = wanted.filter((prompt) => prompt.long_term === (wanted[0] || {}).long_term).slice(0, MOST);
  if (!first.length || !wx.requestSubscribeMessage) return Promise.resolve('unavailable');
  return new Promise((resolve) => {
    wx.requestSubscribeMessage({
      tmplIds: first.map((prompt) => prompt.id),
      success: (/** @type {any} */ answer) => {
        const results = Object.fromEntries(first.map(({ id }) => [id, answer[id]]).filter(([, result]) => result));
        resolve(Object.values(results).some((result) => String(result).startsWith('accept')) ? 'accepted' : 'refused');
        if (Object.keys(results).length) report(side, results);
      },
      fail: () => resolve('unavailable'),
    });
  });
}

/**
 * Tell the server; what cannot be told now waits on the phone.
 * @param {'citizen' | 'staff'} side
 * @param {Record<string, string>} results
 */
function report(side, results) {
  const waiting = store.get(WAITING, []);
  store.set(WAITING, [...waiting, { side, results, key: newKey() }]);
  return tellWaiting();
}

/** @type {Promise<void> | null} */
let telling = null;

/** Report what waits, oldest first. @returns {Promise<void>} */
function tellWaiting() {
  telling = telling || tellAll().finally(() => (telling = null));
  return telling;
}

async function tellAll() {
  // Required here: http needs session, and this file is needed at the app's start, before either.
  const { request } = require('./http');
  for (let one = store.get(WAITING, [])[0]; one; one = store.get(WAITING, [])[0]) {
    try {
      await request({ method: 'POST', path: '/api/v1/subscriptions', data: { results: one.results }, as: one.side, key: one.key });
    } catch (error) {
      // A refusal will not become an acceptance by waiting; no answer may.
      if (/** @type {any} */ (error).isOpen !== false) return;
    }
    store.set(WAITING, store.get(WAITING, []).slice(1));
  }
}

module.exports = { ask, tellWaiting };
