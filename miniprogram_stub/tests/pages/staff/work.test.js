/** The boxes of the day and their lists. */
const { assert, bindStaff, fileInquiry, landedOn, network, office, openPage, page, phone, shown, test } = require('../../support');
const { CLERK, HEAD, takenUp } = require('./office');

test('what was just filed waits to be signed for, counted, and opens', async () => {
  const { display_number: number } = await fileInquiry({ content: '请问几点下班？' });
  const home = await bindStaff(CLERK);
  assert.equal(home.data.box, 'todo');
  assert.ok(home.has(/^待签收，\d+ 件，已选$/), home.names.join());
  while (!home.has(new RegExp(number)) && home.data.cursor) await home.reachBottom();
  await home.tap(new RegExp(number));
  const inquiry = await landedOn('packages/staff/inquiry/index');
  assert.ok(inquiry.shows('请问几点下班？'));
});

test('the daily boxes come first, 已办结 last and counted too, an empty one says what it will hold', async () => {
  const home = await bindStaff(HEAD);
  const names = home.data.boxes.map(({ name }) => name);
  assert.deepEqual(names.slice(0, 5), ['todo', 'offered', 'mine', 'due_soon', 'overdue']);
  assert.equal(names.at(-1), 'closed');
  assert.ok(home.has(/^已办结，\d+\+? 件/));
  await home.tap(/^待承接/);
  assert.ok(home.shows('别人转交过来、等您承接的事项会出现在这里。'));
});

test('more of a long list comes at the bottom, and is still there after coming back', async () => {
  for (let left = 22; left; left -= 1) await fileInquiry({ content: `第 ${left} 件` });
  const home = await bindStaff(CLERK);
  assert.equal(home.data.items.length, 20);
  await home.reachBottom();
  const all = home.data.items.length;
  assert.ok(all > 20);
  await home.leaveAndReturn();
  assert.ok(home.data.items.length >= all);
});

test('a next page that does not come can be asked for again', async () => {
  const home = await bindStaff(CLERK);
  const before = home.data.items.length;
  network.offline(1, 'cursor=');
  await home.reachBottom();
  assert.ok(home.has(/点这里再试/));
  assert.equal(home.data.items.length, before);
  await home.tap(/点这里再试/);
  assert.ok(home.data.items.length > before);
});

test('a list that does not come leaves the boxes, and is tried again', async () => {
  const home = await bindStaff(CLERK);
  network.offline(1, 'box=closed');
  await home.tap(/^已办结/);
  assert.ok(home.shows('没有连上网络'));
  assert.ok(home.has(/^待签收/));
  await home.tap('再试一次');
  assert.notEqual(home.data.listState, 'error');
});

test('reminders: how many are left, and a tap asks for one of each', async () => {
  const home = await bindStaff(CLERK);
  assert.ok(home.shows('待办事项提醒'));
  await home.tap('再收一次提醒');
  const { task, deadline, supervision } = office.demo().wechat.templates;
  assert.deepEqual(phone.prompts.at(-1).templateIds, [task, deadline, supervision]);
  assert.ok(home.shows('还可以收 1 条'), home.text);
});

test('大字版 is one switch, on every page', async () => {
  const home = await bindStaff(CLERK);
  await home.tap('大字版');
  assert.equal(home.data.large, 'large');
  const calls = await openPage('packages/staff/calls/index');
  assert.equal(calls.data.large, 'large');
});

test('the phone number of an inquiry is one tap from a call', async () => {
  await bindStaff(CLERK);
  const number = await takenUp({ contact: { name: '李小明', phone: '13912345678' } });
  const inquiry = await openPage('packages/staff/inquiry/index', { number });
  assert.ok(inquiry.shows('李小明'));
  await inquiry.tap('打电话 13912345678');
  assert.equal(shown('makePhoneCall').at(-1).phoneNumber, '13912345678');
});

test('a page of somebody who may not see it says so, with a way back', async () => {
  await bindStaff('jt-xb-bianmin-1');
  const inquiry = await openPage('packages/staff/inquiry/index', { number: await takenUp() });
  assert.equal(inquiry.data.state, 'error');
  assert.ok(inquiry.has('回到工作台'));
  await page().tap('回到工作台');
  await landedOn('packages/staff/home/index');
});
