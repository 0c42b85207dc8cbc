/** The running backend and simulator from the outside: codes of WeChat, accounts of the demo, what others did meanwhile. */
const { randomUUID } = require('node:crypto');
const fs = require('node:fs');

const { overHttp, parsed } = require('./network');

const API = '/api/v1';

let handout;

/** @returns {any} what the demo's handout says: addresses, signs, accounts */
function demo() {
  handout = handout || JSON.parse(fs.readFileSync(process.env.SHOUWEN_DEMO, 'utf8'));
  return handout;
}

/**
 * One call to the backend, as somebody else's client would make it.
 * @returns {Promise<{status: number, data: any, header: Record<string, string>}>}
 */
async function call(method, path, { data, token, tracking, version, base = demo().base_url } = {}) {
  const header = { 'content-type': 'application/json', 'Idempotency-Key': randomUUID() };
  if (token) header.Authorization = `Bearer ${token}`;
  if (tracking) header['X-Tracking-Token'] = tracking;
  if (version !== undefined) header['If-Match'] = `"${version}"`;
  const body = data === undefined && method === 'GET' ? null : Buffer.from(JSON.stringify(data || {}));
  const answered = await overHttp({ method, url: new URL(path, base), header, body });
  return { status: answered.status, data: parsed(answered.body.toString('utf8')), header: answered.header };
}

/** The same, where only success will do. */
async function ask(method, path, options) {
  const answered = await call(method, path, options);
  if (answered.status > 299) throw new Error(`${method} ${path}: ${answered.status} ${JSON.stringify(answered.data)}`);
  return answered.data;
}

/** What stands for WeChat itself. */
function ofWechat(person, act, data = {}) {
  const path = `/_admin/apps/${demo().wechat.appid}/people/${encodeURIComponent(person)}/${act}`;
  return ask('POST', path, { data, base: demo().simulator_url });
}

const loginCode = async (person) => (await ofWechat(person, 'login')).js_code;
const phoneCode = async (person, phone) => (await ofWechat(person, 'phone', { phone })).code;
const answerPrompt = (person, results) => ofWechat(person, 'subscriptions', { results });

/** @param {string} username an account of the demo without a second factor @returns {Promise<string>} its token */
async function staffToken(username) {
  const account = demo().staff.find((one) => one.username === username);
  const data = { username, password: account.password };
  return (await ask('POST', `${API}/staff/sessions`, { data })).token;
}

/** @param {string} username @returns {Promise<string>} a code to bind a WeChat by, as the console shows it */
async function bindingCode(username) {
  const token = await staffToken(username);
  await ask('DELETE', `${API}/staff/wechat`, { token });
  return (await ask('POST', `${API}/staff/wechat/binding-codes`, { token })).code;
}

/** @param {string} section part of a name @returns {any} a sign of the demo */
const signOf = (section) => demo().signs.find((sign) => (sign.section || '').includes(section));

/**
 * File an inquiry without a session, as from the web page.
 * @returns {Promise<any>} what the server answered: number, tracking_token, …
 */
const fileInquiry = ({ sign = signOf('综合窗口').code, category = 'consult', content = '请问营业执照怎样变更地址？', ...rest } = {}) =>
  ask('POST', `${API}/inquiries`, { data: { sign, category, content, ...rest } });

/** Do one of the actions the server offers this member of staff for the inquiry. */
async function act(username, number, name, data = {}) {
  const token = await staffToken(username);
  const inquiry = await ask('GET', `${API}/staff/inquiries/${number}`, { token });
  const action = inquiry.actions.find((one) => one.name === name);
  if (!action) throw new Error(`${name} is not offered: ${inquiry.actions.map((one) => one.name)}`);
  return ask(action.method, action.href, { token, version: inquiry.version, data });
}

module.exports = { API, act, answerPrompt, ask, bindingCode, call, demo, fileInquiry, loginCode, phoneCode, signOf, staffToken };
