/** Following: acts the server offers and no others; look-up without signing in; notice, supplement, withdrawal, reopening. */
const { assert, kill, landedOn, network, office, openPage, page, phone, shown, test } = require('../../support');

const WINDOW = () => office.demo().staff.find(({ section, roles, unit }) => section === '综合窗口' && unit === office.signOf('综合窗口').unit && roles.includes('post_holder')).username;

async function filedHere(content = '窗口几点下班') {
  const form = await openPage('pages/new/index', { sign: office.signOf('综合窗口').code });
  await form.tap(/^咨询事项/);
  await form.input('说说情况', content);
  await form.tap(/^我知道这些内容/);
  await form.tap('提交');
  return landedOn('pages/inquiry/index');
}

const numberOf = (opened) => opened.data.inquiry.number;

test('the page shows exactly what the server offers', async () => {
  const opened = await filedHere();
  const offered = opened.data.inquiry.actions.map(({ name }) => name).sort();
  assert.deepEqual(opened.data.rows.map(({ name }) => name).sort(), offered.filter((name) => name !== 'receive_notice'));
  assert.ok(!opened.has('评价这次办理'));
});

test('a supplement is kept while it cannot be sent, goes once, and stands in the timeline', async () => {
  const opened = await filedHere();
  await opened.tap('补充说明');
  await page().input('要补充的内容', '补充一句');
  network.offline(1, '/supplements');
  await page().tap('提交补充');
  assert.ok(page().shows('请检查网络后再试一次'));
  await page().tap('提交补充');
  const back = await landedOn('pages/inquiry/index');
  assert.equal(shown('showToast').at(-1).title, '已收到您的补充');
  await back.leaveAndReturn();
  assert.ok(back.shows('补充一句'));
});

test('withdrawn, then nothing can be withdrawn a second time', async () => {
  const opened = await filedHere();
  await opened.tap('不办了，撤回');
  await page().tap('确认撤回');
  const back = await landedOn('pages/inquiry/index');
  await back.leaveAndReturn();
  assert.ok(back.shows('已办结：撤回'));
  assert.ok(!back.has('不办了，撤回'));
});

test('an act that is no longer open says so instead of a form', async () => {
  const opened = await filedHere();
  const late = await openPage('pages/act/index', { number: numberOf(opened), action: 'reopen' });
  assert.ok(late.shows('现在不能这样做'));
});

test('closed: the answer, and one tap to rate; reopened by the citizen it runs again', async () => {
  const opened = await filedHere('证照办理在几楼');
  const number = numberOf(opened);
  await office.act(WINDOW(), number, 'confirm');
  await office.act(WINDOW(), number, 'close', { outcome: 'answered', reply: '在二楼东侧' });
  await opened.pullDown();
  assert.ok(opened.shows('已办结：答复'));
  assert.ok(opened.shows('在二楼东侧'));
  await opened.tap('评价这次办理');
  await page().tap('提交评价');
  assert.ok(page().shows('请选择满意、一般或者不满意。'));
  await page().tap('不满意');
  await page().input('想说几句', '没有人接电话');
  await page().tap('提交评价');
  const back = await landedOn('pages/inquiry/index');
  await back.leaveAndReturn();
  assert.ok(back.shows('您的评价'));
  assert.ok(back.shows('修改评价（7 天内可以改一次）'));
  await back.tap('问题没有解决，要求重新办理');
  await page().input('哪里没有解决', '还是不知道几楼');
  await page().tap('要求重新办理');
  await landedOn('pages/inquiry/index');
});

test('one tap asks for messages and reports what was answered for each template', async () => {
  const opened = await filedHere();
  const first = office.demo().wechat.templates.progress;
  phone.subscribes = (id) => (id === first ? 'accept' : 'reject');
  await opened.tap('有进展在微信里通知我');
  assert.ok(opened.shows('有进展会在微信里通知您一次'));
  assert.equal(phone.prompts.length, 1);
  const told = network.sent.filter(({ method, path }) => method === 'POST' && path === '/api/v1/subscriptions');
  assert.equal(told.length, 1);
  assert.equal(told[0].status, 200);
  assert.equal(told[0].data.results[first], 'accept');
  assert.deepEqual([...new Set(Object.values(told[0].data.results))].sort(), ['accept', 'reject']);
});

test('an answer about messages that could not be told is told when the mini program is next opened', async () => {
  const opened = await filedHere();
  network.offline(1, '/subscriptions');
  await opened.tap('有进展在微信里通知我');
  const told = () => network.sent.filter(({ path }) => path === '/api/v1/subscriptions');
  assert.deepEqual(told().map(({ status }) => status), [null]);
  kill();
  await openPage('pages/home/index');
  assert.deepEqual(told().map(({ status }) => status), [null, 200]);
  assert.equal(told()[0].header['Idempotency-Key'], told()[1].header['Idempotency-Key']);
});

test('怎么算的 lists the days one by one', async () => {
  const opened = await filedHere();
  await opened.tap(/^怎么算的/);
  const days = await landedOn('pages/clock/index');
  assert.ok(days.shows('第 1 天'));
  assert.ok(days.shows('第 2 天'));
  assert.ok(days.shows('系统设定'));
});

test('without signing in: number and the last four digits of the phone', async () => {
  const filed = await office.fileInquiry({ content: '电话里问过的事', contact: { phone: '13800138123' } });
  const look = await openPage('pages/lookup/index');
  await look.tap('查询');
  assert.ok(look.shows('请填写编号。'));
  await look.input('编号', filed.display_number);
  await look.input('手机号后四位', '0000');
  await look.tap('查询');
  assert.ok(look.shows('没有找到'));
  await look.input('手机号后四位', '8123');
  await look.tap('查询');
  const opened = await landedOn('pages/inquiry/index');
  assert.ok(opened.shows('电话里问过的事'));
  assert.ok(network.sent.every(({ path }) => !path.includes('sessions/wechat')));
  assert.ok(!JSON.stringify(network.sent.map(({ path }) => path)).includes('8123'));
});

test('somebody else’s number is not found, as one that does not exist', async () => {
  const filed = await office.fileInquiry({ content: '别人的事' });
  const opened = await openPage('pages/inquiry/index', { number: filed.number });
  assert.ok(opened.shows('没有找到'));
  assert.ok(opened.has('凭编号查询'));
});

test('a one-time notice: four parts, received at a tap, then documents in one go', async () => {
  const opened = await filedHere('想办一张证');
  const number = numberOf(opened);
  await office.act(WINDOW(), number, 'classify', { category: 'application', reason: '是来办事的' });
  await office.act(WINDOW(), number, 'confirm');
  await office.act(WINDOW(), number, 'notify', { basis: '某办法第三条', time_limit: '材料补齐后 5 个工作日', procedure: '窗口受理，审核，发证', documents: ['身份证复印件', '申请表'], days: 5, days_kind: 'promised' });
  await opened.pullDown();
  for (const words of ['等您补充材料', '一次性告知', '某办法第三条', '身份证复印件', '申请表', '暂停计算']) assert.ok(opened.shows(words), words);
  await opened.tap('我已收到这份告知');
  assert.ok(opened.shows('您已确认收到'));
  await opened.tap('补充材料');
  assert.equal(page().path, 'pages/act/index');
});
