/** Filing: words kept through whatever happens, sent once, with and without a name, photos after the words. */
const { assert, kill, landedOn, network, office, openPage, phone, putFile, test } = require('../../support');

const WORDS = '营业执照变更地址要带什么';

async function openForm() {
  return openPage('pages/new/index', { sign: office.signOf('综合窗口').code });
}

async function fillIn(page, words = WORDS) {
  await page.tap(/^咨询事项/);
  await page.input('说说情况', words);
  await page.tap(/^我知道这些内容/);
}

const filings = () => network.sent.filter(({ method, path }) => method === 'POST' && path === '/api/v1/inquiries');

test('filed: the number, who has it, until when and by which clause stand on the next page', async () => {
  const form = await openForm();
  await fillIn(form);
  await form.tap('提交');
  const page = await landedOn('pages/inquiry/index');
  assert.ok(page.shows('已收到'));
  assert.match(page.text, /\d{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]/);
  assert.ok(page.shows('现在谁负责'));
  assert.ok(page.shows('第七条第（一）项'));
  assert.match(page.text, /17:30 前/);
  assert.equal(filings()[0].header.Authorization.slice(0, 7), 'Bearer ');
  assert.deepEqual(page.nameless, []);
  await page.tap('看原文');
  assert.ok(page.shows('原则上在 2 个工作日内限时答复或回复'));
});

test('neither name nor phone is needed, and the phone button can be refused', async () => {
  const form = await openForm();
  phone.privacyAgreed = false;
  await form.tap('使用我绑定的手机号');
  await fillIn(form);
  await form.tap('提交');
  await landedOn('pages/inquiry/index');
  assert.equal(filings()[0].data.contact, undefined);
});

test('what is missing is said in red at its place, and nothing is sent', async () => {
  const form = await openForm();
  await form.tap('提交');
  for (const words of ['还有 3 处要填', '请选择您要做什么。', '请说说情况。', '请先看一看并同意，再提交。']) assert.ok(form.shows(words), words);
  assert.deepEqual(filings(), []);
});

test('a complaint asks whom it is about', async () => {
  const form = await openForm();
  await form.tap(/^投诉/);
  await form.tap('提交');
  assert.ok(form.shows('请选择投诉谁。'));
});

test('what the server finds wrong stands at the field, the words stay', async () => {
  const form = await openForm();
  await fillIn(form);
  await form.input('电话', '12');
  await form.tap('提交');
  assert.ok(form.shows('电话号码不对'));
  assert.equal(form.valueOf('说说情况'), WORDS);
});

test('offline: the words stay, and the second try is the same request', async () => {
  const form = await openForm();
  await fillIn(form);
  network.offline(1, /^\/api\/v1\/inquiries$/);
  await form.tap('提交');
  assert.ok(form.shows('请检查网络后再试一次，您写的内容还在。'));
  await form.tap('提交');
  await landedOn('pages/inquiry/index');
  const [first, second] = filings();
  assert.equal(first.header['Idempotency-Key'], second.header['Idempotency-Key']);
});

test('an answer lost on the way is not a second inquiry', async () => {
  const form = await openForm();
  await fillIn(form, '答复丢在路上的那一件');
  network.loseAnswer(1, /^\/api\/v1\/inquiries$/);
  await form.tap('提交');
  await form.tap('提交');
  await landedOn('pages/inquiry/index');
  const mine = await openPage('pages/mine/index');
  assert.equal(mine.data.items.length, 1);
});

test('a killed app finds the words again, and what was half sent is still sent once', async () => {
  let form = await openForm();
  await fillIn(form, '写到一半手机没电了');
  network.loseAnswer(1, /^\/api\/v1\/inquiries$/);
  await form.tap('提交');
  kill();
  form = await openForm();
  assert.ok(form.shows('这是您上次写了没有提交的内容'));
  assert.equal(form.valueOf('说说情况'), '写到一半手机没电了');
  await form.tap(/^我知道这些内容/);
  await form.tap('提交');
  await landedOn('pages/inquiry/index');
  const keys = new Set(filings().map(({ header }) => header['Idempotency-Key']));
  assert.equal(keys.size, 1);
  assert.equal((await openPage('pages/mine/index')).data.items.length, 1);
});

test('an expired session is renewed in silence, once', async () => {
  const form = await openForm();
  await fillIn(form);
  network.answer(401, { code: 'unauthenticated', title: '', detail: '' }, { match: /^\/api\/v1\/inquiries$/ });
  await form.tap('提交');
  await landedOn('pages/inquiry/index');
  assert.equal(network.sent.filter(({ path }) => path === '/api/v1/sessions/wechat').length, 2);
});

test('when WeChat cannot sign anybody in, the words are taken all the same and this phone can follow them', async () => {
  const form = await openForm();
  await fillIn(form);
  network.answer(503, { code: 'wechat_unavailable', title: '', detail: '' }, { match: '/sessions/wechat', times: 2 });
  await form.tap('提交');
  const page = await landedOn('pages/inquiry/index');
  assert.ok(page.shows('已收到'));
  assert.equal(filings()[0].header.Authorization, undefined);
});

test('the same words again ask whether that is meant', async () => {
  for (const round of [1, 2]) {
    const form = await openForm();
    await fillIn(form, '同样的话');
    await form.tap('提交');
    if (round === 2) {
      assert.ok(form.shows('刚才已经提交过同样的内容'));
      await form.tap('确实要再提交一件');
    }
    await landedOn('pages/inquiry/index');
  }
  assert.equal((await openPage('pages/mine/index')).data.items.length, 2);
});

test('photos go after the words; one that is refused loses neither the words nor the others', async () => {
  const form = await openForm();
  await fillIn(form);
  putFile('好的.jpg');
  putFile('坏的.jpg', Buffer.from('不是图片'));
  await form.tap('加照片');
  await form.tap('提交');
  const page = await landedOn('pages/inquiry/index');
  assert.ok(page.shows('有 1 个文件没有传上来，文字已经收下'));
  assert.equal(page.data.inquiry.attachments.length, 1);
});

test('5,000 characters go in and come back, 5,001 cannot be typed', async () => {
  const form = await openForm();
  await fillIn(form, '长'.repeat(5001));
  assert.ok(form.shows('还可以写 0 字'));
  await form.tap('提交');
  const page = await landedOn('pages/inquiry/index');
  assert.equal([...page.data.inquiry.content].length, 5000);
  assert.ok(page.shows('展开全文，共 5000 字'));
});
