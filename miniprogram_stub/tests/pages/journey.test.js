/** One inquiry from the sign to the rating, on two phones: a citizen's, and that of whoever sits behind the sign. */
const { assert, bindStaff, kill, landedOn, office, openPage, page, phone, tap, test } = require('../support');

const CLERK = 'jt-sp-chuangkou-1';

/** Put this phone away and take up somebody else's. */
function takeUp(person, storage) {
  kill();
  Object.assign(phone, { person, storage });
}

test('a sign is scanned, the inquiry filed, taken up, answered and rated', async () => {
  const citizen = [phone.person, phone.storage];
  const { url } = office.signOf('综合窗口');
  const sign = await openPage('pages/sign/index', { q: encodeURIComponent(url) }, { scene: 1011 });
  assert.ok(sign.shows('综合窗口'));
  await tap(/提问|办事|填写/);
  const form = await landedOn('pages/new/index');
  await form.tap('咨询事项');
  await form.input('说说情况', '请问个体工商户变更地址要带什么材料？');
  await form.tap(/我知道这些内容/);
  await form.tap('提交');
  const inquiry = await landedOn('pages/inquiry/index');
  assert.ok(inquiry.shows('已收到'));
  const { number } = inquiry.query;

  takeUp('窗口工作人员', new Map());
  const desk = await bindStaff(CLERK);
  assert.notEqual(desk.data.state, 'bind', desk.text);
  const job = await openPage('packages/staff/inquiry/index', { number });
  await job.tap('签收');
  await (await landedOn('packages/staff/act/index')).tap('签收');
  await landedOn('packages/staff/inquiry/index');
  await tap('答复并办结');
  const closing = await landedOn('packages/staff/act/index');
  await closing.tap('答复');
  await closing.input('答复内容', '请带营业执照正副本和新地址的证明，窗口当场办理。');
  await closing.tap('答复并办结');
  await landedOn('packages/staff/inquiry/index');
  assert.ok(page().shows('已办结'), page().text);

  takeUp(...citizen);
  const answered = await openPage('pages/inquiry/index', { number });
  assert.ok(answered.shows('窗口当场办理'));
  await answered.tap('评价这次办理');
  const rating = await landedOn('pages/rate/index');
  await rating.tap('满意');
  await rating.tap(/提交/);
  assert.ok((await landedOn('pages/inquiry/index')).shows('您的评价'));
});
