/**
 * Asking the server as a member of staff. Whoever has signed out stays out until they sign in by a tap: WeChat's own
 * sign-in would otherwise bring them back in silence.
 */
const http = require('../../../lib/http');
const { Problem } = require('../../../lib/problem');
const session = require('../../../lib/session');
const store = require('../../../lib/store');

const LEFT = 'staff.left';

/** @returns {boolean} */
const hasLeft = () => store.get(LEFT, false) === true;

/**
 * @param {{method?: string, path: string, data?: any, key?: string, version?: string | number}} asked
 * @returns {Promise<import('../../../lib/http').Answer>} rejects with a Problem
 */
async function ask(asked) {
  if (hasLeft()) {
    throw new Problem({ code: 'signed_out', title: '已经退出', detail: '请回到工作台登录后再看。' });
  }
  return http.request({ ...asked, as: 'staff' });
}

/**
 * @param {string} [bindingCode] the first time
 * @returns {Promise<any>} rejects with a Problem
 */
async function enter(bindingCode) {
  const opened = await session.signIn('staff', bindingCode);
  store.remove(LEFT);
  return opened;
}

/** From now on nobody is signed in on this phone. */
function leave() {
  session.forget('staff');
  store.set(LEFT, true);
}

/** The binding is gone; the next sign-in asks for a code. */
function unbound() {
  session.forget('staff');
  store.remove(LEFT);
}

module.exports = { ask, enter, hasLeft, leave, unbound };
