/** Arrival: by an ordinary-link scan, by a mini program code, by hand; unknown and retired signs. */
const { assert, landedOn, network, office, openPage, phone, shown, tap, test } = require('../../support');

const sign = () => office.signOf('综合窗口');

test('an ordinary-link scan opens the sign that its address names', async () => {
  const page = await openPage('pages/sign/index', { q: encodeURIComponent(`https://a.example.cn/s/${sign().code}`), scancode_time: '1' });
  assert.ok(page.shows(sign().section));
  assert.ok(page.shows(sign().unit));
  assert.deepEqual(page.nameless, []);
});

test('a mini program code opens it by its scene', async () => {
  const page = await openPage('pages/sign/index', { scene: encodeURIComponent(sign().code) });
  assert.ok(page.shows(sign().section));
});

test('a code typed by hand is folded: small letters, lines and spaces do not matter', async () => {
  const page = await openPage('pages/home/index');
  await page.input('或者输入岗牌编码', sign().code.toLowerCase().replace(/(.{4})(?=.)/g, '$1-'));
  await tap('打开岗牌');
  assert.ok((await landedOn('pages/sign/index')).shows(sign().section));
});

test('what cannot be a code is said at the field, and nothing is asked of the server', async () => {
  const page = await openPage('pages/home/index');
  await tap('打开岗牌');
  assert.ok(page.shows('请填写岗牌上的 16 位编码。'));
  await page.input('或者输入岗牌编码', '你好');
  await tap('打开岗牌');
  assert.ok(page.shows('这不是本系统的岗牌'));
  assert.deepEqual(network.sent, []);
});

test('an unknown sign says so and shows no form; an address of somebody else is not followed', async () => {
  let page = await openPage('pages/sign/index', { code: '0000000000000000' });
  assert.ok(page.shows('不是本系统的岗牌'));
  assert.ok(!page.has('提问或办事'));
  page = await openPage('pages/sign/index', { q: encodeURIComponent('https://evil.example.com/pay?to=1') });
  assert.ok(page.shows('不是本系统的岗牌'));
});

test('a retired sign leads to the one that took its place', async () => {
  network.answer(410, { code: 'sign_retired', title: '岗牌已停用', detail: '这块岗牌已经停用，请使用新的岗牌。', successor_url: sign().url });
  const page = await openPage('pages/sign/index', { code: '0000000000000000' });
  assert.ok(page.shows('岗牌已停用'));
  await tap('打开新的岗牌');
  assert.ok((await landedOn('pages/sign/index')).shows(sign().section));
});

test('without a network there is an error with 再试一次, and trying again works', async () => {
  network.offline();
  const page = await openPage('pages/sign/index', { code: sign().code });
  assert.ok(page.shows('没有连上网络'));
  await tap('再试一次');
  assert.ok(page.shows(sign().section));
});

test('大字版 is kept on the phone and reaches the next page', async () => {
  await openPage('pages/settings/index');
  await tap('大字版');
  const page = await openPage('pages/home/index');
  assert.equal(page.data.large, 'large');
  assert.equal(phone.storage.size, 1);
  assert.equal(shown('showModal').length, 0);
});
