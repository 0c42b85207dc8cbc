/** 登记来电、来访、来信: quickly, once, and closed in the same step where it ended on the spot. */
const { assert, bindStaff, kill, landedOn, network, openPage, phone, test } = require('../../support');
const { CLERK, keysOf, seenBy } = require('./office');

const PAGE = 'packages/staff/register/index';
const DRAFT = 'shouwen.draft.staff.register';
const registrations = () => network.sent.filter(({ method, path }) => method === 'POST' && path === '/api/v1/staff/inquiries');

async function formFilled() {
  await bindStaff(CLERK);
  const form = await openPage(PAGE);
  await form.tap('来电');
  await form.tap('咨询事项');
  await form.input(/^首问内容/, '问个体户怎么注销');
  return form;
}

test('a call is registered: the number, who has it, and how the caller can follow', async () => {
  const form = await formFilled();
  assert.deepEqual(form.nameless, []);
  await form.input(/^电话/, ' 13912345678 ');
  await form.tap('登记');
  assert.ok(form.shows('已登记'));
  assert.ok(form.shows('输入编号和手机号后四位'));
  assert.ok(!form.shows('补录'));
  assert.equal(phone.storage.has(DRAFT), false);
  const { number } = form.data.slip;
  assert.equal((await seenBy(CLERK, number)).contact.phone, '13912345678');
  await form.tap('查看这件事项');
  await landedOn('packages/staff/inquiry/index');
});

test('a visit that ended on the spot is registered and closed in one step', async () => {
  const form = await formFilled();
  assert.ok(!form.has(/^具体办理情况/));
  await form.tap('答复');
  await form.input(/^具体办理情况/, '告诉他带执照原件来');
  await form.tap('登记并办结');
  assert.ok(form.shows('已登记，当场办结'));
  assert.ok(form.shows('没有留电话，请把编号抄给对方'));
  assert.equal((await seenBy(CLERK, form.data.slip.number)).status, 'closed');
  assert.deepEqual(Object.keys(registrations().at(-1).data).sort(), ['category', 'channel', 'closing', 'content']);
});

test('what happened earlier is marked as a late entry', async () => {
  const form = await formFilled();
  const before = new Date(Date.now() - 48 * 3600 * 1000).toISOString();
  await form.choose(/^什么时候来的，日期/, before.slice(0, 10));
  await form.choose(/^什么时候来的，时间/, '10:00');
  await form.tap('登记');
  assert.ok(form.shows('补录'), form.text);
});

test('what is missing is said at its field', async () => {
  await bindStaff(CLERK);
  const form = await openPage(PAGE);
  await form.tap('登记');
  for (const words of ['请选择首问方式。', '请选择首问类别。', '请记下首问内容。']) assert.ok(form.shows(words), words);
});

test('a complaint asks about whom; a hotline entry keeps the number of the other system', async () => {
  const form = await formFilled();
  assert.ok(!form.has(/^其他系统编号/));
  await form.tap('政务热线');
  await form.input(/^其他系统编号/, '12345-2026-0088');
  await form.tap('投诉');
  assert.ok(form.shows('投诉谁'));
  await form.tap('问题反映');
  await form.tap('登记');
  assert.ok(form.shows('已登记'), form.text);
  assert.equal((await seenBy(CLERK, form.data.slip.number)).external.number, '12345-2026-0088');
  const home = await bindStaff(CLERK);
  while (!home.shows('其他系统编号 12345-2026-0088') && home.data.cursor) await home.reachBottom();
  assert.ok(home.shows('其他系统编号 12345-2026-0088'), home.text);
});

test('without a network the draft stays, through a kill too, and goes by the same key', async () => {
  const form = await formFilled();
  network.offline(1, '/staff/inquiries');
  await form.tap('登记');
  assert.ok(form.shows('请检查网络后再试一次，您写的内容还在'));
  kill();
  const again = await openPage(PAGE);
  assert.ok(again.shows('这是您上次写了没有登记的内容。'));
  assert.equal(again.valueOf(/^首问内容/), '问个体户怎么注销');
  await again.tap('登记');
  assert.ok(again.shows('已登记'));
  assert.equal(new Set(keysOf(registrations())).size, 1);
});

test('after one the next begins empty', async () => {
  const form = await formFilled();
  await form.tap('登记');
  await form.tap('再登记一件');
  assert.equal(form.valueOf(/^首问内容/), '');
});
