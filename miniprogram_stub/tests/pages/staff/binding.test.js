/** Binding, coming back in silence, signing out, unbinding. */
const { assert, bindStaff, kill, network, office, openPage, page, phone, tap, test } = require('../../support');
const { CLERK, COLLEAGUE, formOf, takenUp } = require('./office');

const HOME = 'packages/staff/home/index';
const stored = () => [...phone.storage.keys()].filter((name) => name.startsWith('shouwen.'));

test('a WeChat that is bound to nobody is told where the code comes from', async () => {
  const home = await openPage(HOME);
  assert.ok(home.shows('绑定码从哪里来'));
  assert.ok(home.shows('10 分钟内有效'));
  assert.deepEqual(home.nameless, []);
});

test('a wrong code is refused at the field, and the right one opens the work list', async () => {
  const home = await openPage(HOME);
  await home.input('绑定码', 'ABCD2345');
  await home.tap('绑定');
  assert.ok(home.shows('绑定码不对、已用过或者已过期'));
  assert.equal(home.valueOf(/^绑定码/), 'ABCD2345');
  await home.input(/^绑定码/, await office.bindingCode(CLERK));
  await home.tap('绑定');
  assert.equal(home.data.state, 'ready');
  assert.ok(home.shows('综合窗口'));
  assert.ok(home.shows('工作人员、首问责任岗'));
});

test('without a code nothing is sent', async () => {
  const home = await openPage(HOME);
  const before = network.sent.length;
  await home.tap('绑定');
  assert.ok(home.shows('请填写绑定码。'));
  assert.equal(network.sent.length, before);
});

test('a WeChat of somebody else is refused at the field', async () => {
  await bindStaff(COLLEAGUE);
  kill();
  phone.storage.clear();
  network.answer(401, { code: 'not_bound', title: '没有绑定', detail: '没有绑定。' }, { match: '/staff/sessions/wechat' });
  const home = await openPage(HOME);
  await home.input('绑定码', await office.bindingCode(CLERK));
  await home.tap('绑定');
  assert.ok(home.shows('这个微信已经绑定另一位工作人员'), home.text);
});

test('bound once, the next start needs no code', async () => {
  await bindStaff(CLERK);
  kill();
  phone.storage.delete('shouwen.session.staff');
  const home = await openPage(HOME);
  assert.equal(home.data.state, 'ready');
});

test('an ended session is renewed in silence', async () => {
  await bindStaff(CLERK);
  network.answer(401, { code: 'unauthenticated', title: '请先登录', detail: '登录已过期。' }, { match: '/staff/me' });
  await page().pullDown();
  assert.equal(page().data.state, 'ready');
  assert.equal(page().data.notice, '');
});

test('signing out ends the session, forgets drafts, and stays so until a tap', async () => {
  await bindStaff(CLERK);
  const number = await takenUp();
  const form = await formOf(number, '答复并办结');
  await form.input(/^答复内容/, '写了一半的答复');
  assert.ok(stored().some((name) => name.includes('draft.staff.')));
  const home = await openPage(HOME);
  await home.tap('退出');
  assert.equal(network.sent.at(-1).method, 'DELETE');
  assert.equal(network.sent.at(-1).status, 204);
  assert.ok(home.shows('已经退出'));
  assert.deepEqual(stored().filter((name) => name.includes('draft.') || name.includes('session.')), []);
  const inquiry = await openPage('packages/staff/inquiry/index', { number });
  assert.ok(inquiry.shows('已经退出'));
  const again = await openPage(HOME);
  await again.tap('登录工作台');
  assert.equal(again.data.state, 'ready');
});

test('signing out without a network still forgets everything', async () => {
  await bindStaff(CLERK);
  network.offline(1, '/staff/sessions/current');
  await tap('退出');
  assert.ok(page().shows('已经退出'));
  assert.equal(phone.storage.has('shouwen.session.staff'), false);
});

test('unbinding is asked once more; then the next sign-in wants a code', async () => {
  await bindStaff(CLERK);
  phone.confirms = () => false;
  await tap('解除绑定');
  assert.ok(!network.sent.some(({ method }) => method === 'DELETE'));
  phone.confirms = () => true;
  await tap('解除绑定');
  assert.ok(page().shows('绑定码从哪里来'));
  kill();
  assert.equal((await openPage(HOME)).data.state, 'bind');
});
