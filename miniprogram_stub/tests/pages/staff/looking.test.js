/** Calls to make, and the ledger. */
const { assert, bindStaff, fileInquiry, landedOn, network, office, openPage, shown, test } = require('../../support');
const { CLERK, takenUp } = require('./office');

/** Whoever keeps the post of a 泸 section, and the sign of that section. */
function luPost() {
  const { signs, staff } = office.demo();
  const keeper = staff.find(({ unit, roles, section }) => unit.startsWith('泸州市') && section && roles.includes('post_holder'));
  const sign = signs.find(({ unit, section }) => unit === keeper.unit && section === keeper.section);
  return { username: keeper.username, sign: sign.code };
}

test('a closed matter with a phone waits for a call; the result is registered from the list', async () => {
  const { username, sign } = luPost();
  const { number, display_number: display } = await fileInquiry({ sign, contact: { name: '赵四', phone: '13900001111' } });
  await office.act(username, number, 'confirm', { summary: '问规划' });
  await office.act(username, number, 'close', { outcome: 'answered', reply: '已经答复' });
  await bindStaff(username);
  let list = await openPage('packages/staff/calls/index');
  while (!list.shows(display) && list.data.cursor) await list.reachBottom();
  assert.ok(list.shows(display), list.text);
  await list.tap(new RegExp(`^打电话 13900001111，${display}`));
  assert.equal(shown('makePhoneCall').at(-1).phoneNumber, '13900001111');
  await list.tap(`登记电话回访：${display}`);
  const form = await landedOn('packages/staff/act/index');
  assert.ok(!form.shows('群众给的评价'));
  await form.tap(/^已答复，/);
  await form.tap('满意');
  await form.input(/^群众说了什么/, '办得快');
  await form.tap('登记电话回访');
  list = await landedOn('packages/staff/calls/index');
  assert.ok(!list.shows(display));
});

test('no calls: the page says what will be there', async () => {
  await bindStaff('jt-xb-dangzheng-1');
  network.answer(200, { items: [], next_cursor: null }, { match: '/staff/follow-ups' });
  const list = await openPage('packages/staff/calls/index');
  assert.ok(list.shows('办结以后要打的回访电话会出现在这里。'));
});

test('the ledger of the section stands in the words of the form, newest first, with figures', async () => {
  const number = await takenUp({ content: '台账里看得到的一件事' });
  await bindStaff(CLERK);
  const ledger = await openPage('packages/staff/ledger/index');
  assert.ok(ledger.shows('综合窗口'));
  assert.ok(ledger.shows('登记'));
  assert.equal(ledger.data.items[0].number, number);
  await ledger.tap(new RegExp(ledger.data.items[0].displayNumber));
  for (const label of ['受理时间', '首问责任人', '首问方式', '科室负责人意见', '备注']) assert.ok(ledger.shows(label), label);
  assert.deepEqual(ledger.nameless, []);
});

test('a year that cannot be fetched is tried again, the year stays chosen', async () => {
  await bindStaff(CLERK);
  const ledger = await openPage('packages/staff/ledger/index');
  const year = ledger.data.year;
  network.offline(1, '/staff/ledger?');
  await ledger.pullDown();
  assert.ok(ledger.has('再试一次'));
  await ledger.tap('再试一次');
  assert.equal(ledger.data.year, year);
  assert.ok(ledger.data.items.length > 0);
});
