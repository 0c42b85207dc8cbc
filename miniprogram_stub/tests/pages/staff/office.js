/** What the tests of the staff's pages share: people of the demo, an inquiry before them, a page to act on it. */
const { assert, fileInquiry, landedOn, office, openPage } = require('../../support');

const CLERK = 'jt-sp-chuangkou-1';
const COLLEAGUE = 'jt-sp-zhunru-2';
const HEAD = 'jt-sp-chuangkou-2';

/** An inquiry that the window has taken up. */
async function takenUp(data = {}) {
  const { number } = await fileInquiry(data);
  await office.act(CLERK, number, 'confirm', { summary: '变更地址' });
  return number;
}

/** Open an inquiry as a message does, then the form of one of its acts. */
async function formOf(number, label) {
  const inquiry = await openPage('packages/staff/inquiry/index', { number });
  await inquiry.tap(label);
  return landedOn('packages/staff/act/index');
}

/** @param {string} number @param {string} username @returns {Promise<any>} as the server shows it to somebody */
async function seenBy(username, number) {
  const token = await office.staffToken(username);
  return office.ask('GET', `${office.API}/staff/inquiries/${number}`, { token });
}

/** @param {any[]} sent requests @returns {string[]} the keys they went by */
const keysOf = (sent) => sent.map(({ header }) => header['Idempotency-Key']);

module.exports = { CLERK, COLLEAGUE, HEAD, assert, formOf, keysOf, seenBy, takenUp };
