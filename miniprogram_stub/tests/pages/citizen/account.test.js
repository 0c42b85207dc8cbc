/** 我的事项, signing out, and having everything that says who one is destroyed. */
const { assert, landedOn, network, office, openPage, page, phone, tap, test } = require('../../support');

async function fileOne(content = '一件小事') {
  const form = await openPage('pages/new/index', { sign: office.signOf('综合窗口').code });
  await form.tap(/^咨询事项/);
  await form.input('说说情况', content);
  await form.tap(/^我知道这些内容/);
  await form.tap('提交');
  return landedOn('pages/inquiry/index');
}

test('nothing filed yet: it says what will appear here', async () => {
  const mine = await openPage('pages/mine/index');
  assert.ok(mine.shows('还没有事项'));
  assert.ok(mine.has('查询进度'));
});

test('what was filed stands in the list and opens', async () => {
  await fileOne('路灯坏了三天');
  const mine = await openPage('pages/mine/index');
  assert.ok(mine.shows('路灯坏了三天'));
  await mine.tap(/路灯坏了三天/);
  await landedOn('pages/inquiry/index');
});

test('signing out ends the session at the server', async () => {
  await fileOne();
  const settings = await openPage('pages/settings/index');
  await settings.tap('退出登录');
  assert.ok(!settings.has('退出登录'));
  assert.equal(network.sent.at(-1).method, 'DELETE');
  assert.equal(network.sent.at(-1).status, 204);
});

test('destroying the account is asked once more, done at the server, and leaves nothing on the phone', async () => {
  const opened = await fileOne();
  const { number } = opened.data.inquiry;
  const settings = await openPage('pages/settings/index');
  phone.confirms = () => false;
  await settings.tap('注销并删除我的数据');
  assert.ok(!network.sent.some(({ path }) => path === '/api/v1/account'));
  phone.confirms = () => true;
  await settings.tap('注销并删除我的数据');
  assert.ok(settings.shows('已经注销'));
  assert.equal(phone.storage.size, 0);
  const again = await openPage('pages/inquiry/index', { number });
  assert.ok(again.shows('没有找到'));
});

test('a broken storage stops nobody', async () => {
  phone.storageIsBroken = true;
  const opened = await fileOne('存不下也要能办');
  assert.ok(opened.shows('已收到'));
});

test('the way to complain and the notice on privacy are two taps from home', async () => {
  await openPage('pages/home/index');
  await tap(/^设置/);
  await landedOn('pages/settings/index');
  assert.ok(page().shows('投诉建议'));
  await tap(/^收集什么/);
  const privacy = await landedOn('pages/privacy/index');
  assert.ok(privacy.shows('不收集头像、昵称和位置'));
});
