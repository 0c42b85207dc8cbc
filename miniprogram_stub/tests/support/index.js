/**
 * Everything a page test needs. Each test begins with a new phone of a new person, a backend at its real address and
 * nothing broken; what it leaves is cleared away.
 */
const assert = require('node:assert/strict');
const { afterEach, beforeEach, test } = require('node:test');

const project = require('./project');
const stack = require('./stack');
const network = require('./network');
require('./wx');
const office = require('./office');
const { Page } = require('./page');
const { newPhone, phone, putFile, shown } = require('./phone');
const { settled, until } = require('./waiting');

let isRunning = false;

/** The page on top. @returns {Page} */
const page = () => new Page(stack.top());

/**
 * Open a page as a scan, a message or a link does, starting the mini program where it does not run.
 * @param {string} path as in app.json
 * @param {Record<string, string>} [query]
 * @param {{scene?: number, settle?: boolean}} [how]
 * @returns {Promise<Page>}
 */
async function openPage(path, query = {}, { scene = 1001, settle = true } = {}) {
  if (!isRunning) {
    phone.launch = { path, query, scene };
    project.start(phone.launch);
    isRunning = true;
  }
  stack.clear();
  stack.push(path, query);
  if (settle) await settled();
  return page();
}

/** Kill the mini program; the phone keeps what was stored. */
function kill() {
  stack.drop();
  project.kill();
  isRunning = false;
}

/** Actions on the page on top. */
const tap = (...given) => page().tap(...given);
const input = (...given) => page().input(...given);
const choose = (...given) => page().choose(...given);
const submit = (...given) => page().submit(...given);

/**
 * Whose phone it is.
 * @param {string} name
 */
function signInCitizen(name) {
  phone.person = name;
}

/**
 * A member of staff takes this phone into use: a code from the console, typed in once.
 * @param {string} username of the demo, without a second factor
 * @returns {Promise<Page>} the work list
 */
async function bindStaff(username) {
  const code = await office.bindingCode(username);
  const home = await openPage('packages/staff/home/index');
  await home.input('绑定码', code);
  await home.tap('绑定');
  return page();
}

/** @param {string} name of a page in app.json @returns {Promise<Page>} that page, once it is on top */
async function landedOn(name) {
  await until(() => stack.top()?.path === name, () => `${name} on top; there is ${stack.top()?.path}`);
  await settled();
  return page();
}

beforeEach(() => {
  if (process.env.SHOUWEN_DEMO) network.connect(office.demo().base_url);
  network.reset();
  newPhone();
});

afterEach(() => {
  network.reset();
  kill();
});

module.exports = {
  assert, bindStaff, choose, fileInquiry: office.fileInquiry, input, kill, landedOn, network, office, openPage, page, phone, project,
  putFile, settled, shown, signInCitizen, stack, submit, tap, test, until,
}; // prettier-ignore
