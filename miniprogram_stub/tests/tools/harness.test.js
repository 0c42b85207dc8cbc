/** The test phone itself, on a mini program of two pages and a server of ten lines. */
const http = require('node:http');
const path = require('node:path');
const { after, before } = require('node:test');

process.env.MINIPROGRAM_ROOT = path.join(__dirname, 'fixture');
const { assert, kill, landedOn, network, openPage, page, phone, putFile, settled, shown, stack, tap, test, until } = require('../support');

const received = [];
const server = http.createServer(async (asked, answer) => {
  let body = '';
  for await (const piece of asked) body += piece;
  received.push({ method: asked.method, url: asked.url, headers: asked.headers, body: body && JSON.parse(body) });
  answer.writeHead(asked.method === 'POST' ? 201 : 200, { ETag: '"3"' });
  answer.end(JSON.stringify(asked.method === 'POST' ? { id: 5 } : { items: [{ id: 6, name: '路灯' }] }));
});

before(() => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)));
after(() => server.close());

async function openForm() {
  received.length = 0;
  network.connect(`http://127.0.0.1:${server.address().port}`);
  return openPage('pages/form/index');
}

test('a form is filled in by the names of its controls, sent over HTTP, and the next page loads', async () => {
  const form = await openForm();
  await form.input('内容', '路灯坏了');
  await form.tap('投诉');
  await form.choose('地点', '乙');
  await form.tap('同意');
  assert.ok(form.shows('已同意'));
  await form.submit();
  assert.deepEqual(received[0].body, { content: '路灯坏了', kind: 'b', place: 1, short: '' });
  const list = await landedOn('pages/list/index');
  assert.equal(received[1].url, '/things?after=5');
  assert.equal(list.text, '1 路灯 看一看');
  assert.deepEqual(list.query, { id: '5' });
  await tap('看一看');
  assert.equal(shown('showModal')[0].title, '7');
  assert.equal(page().path, 'pages/form/index');
  assert.equal(page().valueOf('内容'), '路灯坏了');
});

test('typed text is cut at maxlength, at 140 where the source forgot it', async () => {
  const form = await openForm();
  await form.input('内容', '长'.repeat(30));
  assert.equal(form.data.content.length, 20);
  await form.input('短', '长'.repeat(200));
  assert.equal(form.valueOf('短').length, 140);
});

test('without a network nothing reaches the server; a lost answer has done its work', async () => {
  const form = await openForm();
  network.offline();
  await form.submit();
  assert.ok(form.shows('没有连上网络'));
  assert.equal(received.length, 0);
  network.loseAnswer();
  await form.submit();
  assert.equal(received.length, 1);
  assert.equal(page().path, 'pages/form/index');
});

test('somebody between can answer instead of the server, for one kind of request', async () => {
  const form = await openForm();
  network.answer(503, { code: 'busy' }, { match: '/things' });
  await form.submit();
  assert.ok(form.shows('没有办成：503'));
  assert.deepEqual(network.sent.map((one) => one.status), [503]);
});

test('a request is held back until it is let go; a disabled button cannot be tapped meanwhile', async () => {
  const form = await openForm();
  const held = network.hold('/things');
  await form.tap('提交', { settle: false });
  await held.arrived();
  assert.ok(form.isDisabled('提交'));
  await assert.rejects(form.tap('提交'), /disabled/);
  held.release();
  await landedOn('pages/list/index');
});

test('requests to any server but the configured one are refused', async () => {
  await openForm();
  assert.throws(() => wx.request({ url: 'https://elsewhere.example.cn/x' }), /domain list/);
});

test('a killed mini program keeps its storage and nothing else; each test has a new phone', async () => {
  await openForm();
  assert.equal(phone.storage.size, 0);
  await openPage('pages/list/index', { id: '9' });
  await until(() => phone.storage.has('seen'));
  const before = getApp();
  kill();
  await openPage('pages/list/index');
  assert.notEqual(getApp(), before);
  assert.equal(getApp().launchedBy, 'pages/list/index');
  assert.deepEqual(wx.getStorageSync('seen'), {});
});

test('two instances of a page do not share their data', async () => {
  const form = await openForm();
  await form.tap('同意');
  stack.push('pages/form/index', {});
  assert.equal(page().data.agreed, false);
  assert.equal(getCurrentPages().length, 2);
});

test('names of controls are found, hidden ones are not there, and a page without a control says what it has', async () => {
  const form = await openForm();
  assert.deepEqual(form.names, ['内容', '咨询', '投诉', '地点', '短', '同意', '提交']);
  assert.deepEqual(form.nameless, []);
  await assert.rejects(form.tap('取消'), /0 controls are called 取消 .*提交/s);
});

test('what WeChat lets run only in a tap is refused outside of one', async () => {
  await openForm();
  await assert.rejects(wx.requestSubscribeMessage({ tmplIds: ['a'] }), (error) => /TAP gesture/.test(error.errMsg));
});

test('chosen files come from the phone, and nothing chosen is a cancellation', async () => {
  await openForm();
  await assert.rejects(wx.chooseMedia({ count: 1 }), (error) => error.errMsg === 'chooseMedia:fail cancel');
  putFile('a.jpg');
  const { tempFiles } = await wx.chooseMedia({ count: 1 });
  assert.match(tempFiles[0].tempFilePath, /a\.jpg$/);
});

test('what the test phone does not have fails by name', async () => {
  await openForm();
  assert.throws(() => wx.startBeaconDiscovery(), /wx\.startBeaconDiscovery is not part/);
  wx.navigateTo({ url: '/pages/list/index' });
  await settled();
  assert.throws(() => stack.push('pages/none/index', {}), /not found/);
});
