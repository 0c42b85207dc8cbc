/**
 * Sessions of a citizen and of staff: our own token for a code of wx.login, kept on the phone until it ends.
 * Several requests that need one at once wait for the same sign-in, since a code can be used only once.
 */
const config = require('../config');
const { offline, problemOf } = require('./problem');
const store = require('./store');

/** @typedef {'citizen' | 'staff'} Side */
/** @typedef {{key: string, id: string, title: string, long_term: boolean}} Prompt a message that can be agreed to */

const PATHS = { citizen: '/api/v1/sessions/wechat', staff: '/api/v1/staff/sessions/wechat' };
const EARLY = 60000;

/** @type {Partial<Record<Side, Promise<any>>>} */
const running = {};

/**
 * @param {Side} side
 * @returns {Promise<string>} rejects with a Problem, `not_bound` where this WeChat belongs to no member of staff
 */
async function token(side) {
  return (kept(side) || (await signIn(side))).token;
}

/**
 * The session that is kept, while it is good.
 * @param {Side} side
 * @returns {{token: string, expires_at: string, templates: Prompt[]} | null}
 */
function kept(side) {
  const found = store.get(`session.${side}`, null);
  return found && Date.parse(found.expires_at) - EARLY > Date.now() ? found : null;
}

/**
 * @param {Side} side
 * @param {string} [bindingCode] for staff, the first time
 * @returns {Promise<any>}
 */
function signIn(side, bindingCode) {
  const asked = running[side];
  if (asked && !bindingCode) return asked;
  const made = open(side, bindingCode).finally(() => delete running[side]);
  running[side] = made;
  return made;
}

/** @param {Side} side */
const forget = (side) => store.remove(`session.${side}`);

/**
 * @param {Side} side
 * @returns {Prompt[]} what this person can be asked to receive; empty before the first sign-in
 */
const prompts = (side) => (store.get(`session.${side}`, null) || {}).templates || [];

/**
 * @param {Side} side
 * @param {string} [bindingCode]
 */
async function open(side, bindingCode) {
  const code = await loginCode();
  const data = bindingCode ? { js_code: code, binding_code: bindingCode } : { js_code: code };
  const { statusCode, data: body } = await post(PATHS[side], data);
  if (statusCode !== 201) throw problemOf(statusCode, body);
  store.set(`session.${side}`, body);
  return body;
}

/** @returns {Promise<string>} */
function loginCode() {
  return new Promise((resolve, reject) => {
    wx.login({ success: ({ code }) => (code ? resolve(code) : reject(offline())), fail: () => reject(offline()) });
  });
}

/**
 * @param {string} path
 * @param {any} data
 * @returns {Promise<any>}
 */
function post(path, data) {
  return new Promise((resolve, reject) => {
    wx.request({
      url: config.apiBase + path,
      method: 'POST',
      data,
      header: { 'content-type': 'application/json' },
      success: resolve,
      fail: () => reject(offline()),
    });
  });
}

module.exports = { token, signIn, forget, kept, prompts };
