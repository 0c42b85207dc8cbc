/** Acts of the office: their forms, what is sent, and what becomes of the words when something comes between. */
const { assert, bindStaff, fileInquiry, kill, landedOn, network, office, openPage, page, phone, shown, test } = require('../../support');
const { CLERK, COLLEAGUE, formOf, keysOf, seenBy, takenUp } = require('./office');

const writes = (part) => network.sent.filter(({ method, path }) => method === 'POST' && path.includes(part));
const replyDraft = (number) => phone.storage.get(`shouwen.draft.staff.act.${number}.close`);

/** Answer in the form that is open. */
async function answer(form, words) {
  await form.tap(/^答复，/);
  await form.input(/^答复内容/, words);
  await form.tap('答复并办结');
}

test('signing for it: the summary goes along, and the inquiry shows what is next', async () => {
  await bindStaff(CLERK);
  const { number } = await fileInquiry();
  const form = await formOf(number, '签收');
  assert.deepEqual(form.nameless, []);
  await form.input(/^摘要/, '问变更地址');
  await form.tap('签收');
  const inquiry = await landedOn('packages/staff/inquiry/index');
  assert.equal(shown('showToast').at(-1).title, '已签收');
  assert.ok(inquiry.shows('问变更地址'));
  assert.ok(inquiry.has('答复并办结'));
  assert.ok(!inquiry.has('签收'));
});

test('WeChat is asked for more messages at the tap while few are left', async () => {
  await bindStaff(CLERK);
  const { number } = await fileInquiry();
  await (await formOf(number, '签收')).tap('签收');
  assert.equal(phone.prompts.length, 1);
  const inquiry = await landedOn('packages/staff/inquiry/index');
  network.answer(200, { items: ['task', 'deadline', 'supervision'].map((template) => ({ template, granted: 9 })) }, { match: '/subscriptions' });
  await inquiry.pullDown();
  await inquiry.tap('答复并办结');
  await answer(await landedOn('packages/staff/act/index'), '带身份证来。');
  assert.equal(phone.prompts.length, 1);
});

test('handing over: a section found by its name, the giver holds until it is accepted, then the other does', async () => {
  await bindStaff(CLERK);
  const number = await takenUp();
  const form = await formOf(number, '转交');
  await form.input('查找单位或科室', '准入');
  await form.tap(/行政审批局 市场准入科$/);
  assert.ok(form.has('改选，现在是常州市金坛区行政审批局 市场准入科'));
  await form.input(/^为什么转交/, '这是准入科的职责');
  await form.tap('转交');
  const inquiry = await landedOn('packages/staff/inquiry/index');
  assert.ok(inquiry.shows('等待承接'));
  assert.ok((await seenBy(CLERK, number)).holder.text.includes('综合窗口'));

  kill();
  Object.assign(phone, { person: `${phone.person}的同事`, storage: new Map() });
  await bindStaff(COLLEAGUE);
  const offered = await openPage('packages/staff/inquiry/index', { number });
  assert.ok(offered.shows('没有承接就自动退回'));
  await offered.tap('承接');
  await (await landedOn('packages/staff/act/index')).tap('承接');
  await landedOn('packages/staff/inquiry/index');
  assert.ok((await seenBy(COLLEAGUE, number)).holder.text.includes('市场准入科'));
});

test('where nobody is there a section is shown and cannot be chosen', async () => {
  await bindStaff(CLERK);
  const number = await takenUp();
  const section = (id, name, staffed) => ({ id, name, kind: 'section', staffed, staff: [] });
  const units = [{ id: 'u9', name: '某某局', organ_type: 'admin', sections: [section('s1', '甲科', true), section('s2', '乙科', false)] }];
  network.answer(200, { items: units, next_cursor: null }, { match: '/staff/directory' });
  const form = await formOf(number, '转交');
  assert.ok(form.has('某某局 甲科'));
  assert.ok(form.shows('乙科 没有人在岗'));
  assert.ok(!form.has('某某局 乙科'));
});

test('what is missing is said at its field and over the button', async () => {
  await bindStaff(CLERK);
  const form = await formOf(await takenUp(), '转交');
  await form.tap('转交');
  assert.ok(form.shows('请写明为什么转交。'));
  assert.ok(form.shows('请修改：为什么转交。'));
  await form.input(/^为什么转交/, '不归我们');
  assert.ok(!form.shows('请写明为什么转交。'));
});

test('returning is asked once more, with reason and basis', async () => {
  await bindStaff(COLLEAGUE);
  const number = await takenUp();
  const { to_unit: unit, to_section: section } = await placeOf('市场准入科');
  await office.act(CLERK, number, 'hand_over', { to_unit: unit, to_section: section, reason: '请准入科办' });
  const form = await formOf(number, '退回');
  await form.input(/^为什么退回/, '属于窗口的职责');
  await form.input(/^退回的依据/, '三定规定第三条');
  phone.confirms = () => false;
  await form.tap('退回');
  assert.equal(writes('/return').length, 0);
  phone.confirms = () => true;
  await form.tap('退回');
  await landedOn('packages/staff/inquiry/index');
  assert.ok((await seenBy(CLERK, number)).handoffs[0].return_clause.includes('三定规定'));
});

async function placeOf(name) {
  const token = await office.staffToken(CLERK);
  const { items } = await office.ask('GET', `${office.API}/staff/directory`, { token });
  return { to_unit: items[0].id, to_section: items[0].sections.find((one) => one.name === name).id };
}

test('somebody was faster: the words stay, the page says what happened, and they go as something new', async () => {
  await bindStaff(CLERK);
  const number = await takenUp();
  const form = await formOf(number, '答复并办结');
  await form.tap(/^答复，/);
  await form.input(/^答复内容/, '带身份证到二楼。');
  await office.act(CLERK, number, 'record_supplement', { text: '送来了租赁合同' });
  await form.tap('答复并办结');
  assert.ok(form.shows('这件事有了新的进展'));
  assert.ok(form.shows('收到补充材料'));
  assert.equal(form.valueOf(/^答复内容/), '带身份证到二楼。');
  await form.tap('答复并办结');
  await landedOn('packages/staff/inquiry/index');
  const [first, second] = keysOf(writes('/closing'));
  assert.notEqual(first, second);
  assert.equal((await seenBy(CLERK, number)).reply.text, '带身份证到二楼。');
});

test('what can no longer be done says so and leads back', async () => {
  await bindStaff(CLERK);
  const number = await takenUp();
  const form = await formOf(number, '答复并办结');
  await form.input(/^答复内容/, '写了一半');
  await office.act(CLERK, number, 'close', { outcome: 'answered', reply: '已经答复' });
  await form.tap(/^答复，/);
  await form.tap('答复并办结');
  assert.ok(form.shows('现在不能做这一步'), form.text);
  await form.tap('看最新情况');
  assert.ok((await landedOn('packages/staff/inquiry/index')).shows('已办结'));
});

test('without a network the words stay through a kill, and go by the same key', async () => {
  await bindStaff(CLERK);
  const number = await takenUp();
  const form = await formOf(number, '答复并办结');
  network.offline(1, '/closing');
  await answer(form, '带身份证来。');
  assert.ok(form.shows('请检查网络后再试一次，您写的内容还在'));
  const { key } = replyDraft(number);
  kill();
  const inquiry = await openPage('packages/staff/inquiry/index', { number });
  assert.ok(inquiry.has('答复并办结（写了一半）'));
  const again = await openPage('packages/staff/act/index', { number, action: 'close' });
  assert.ok(again.shows('这是您上次写了没有提交的内容。'));
  assert.equal(again.valueOf(/^答复内容/), '带身份证来。');
  await again.tap('答复并办结');
  await landedOn('packages/staff/inquiry/index');
  assert.deepEqual([...new Set(keysOf(writes('/closing')))], [key]);
  assert.equal(replyDraft(number), undefined);
});

test('an answer lost on the way is settled by the same key, and done once', async () => {
  await bindStaff(CLERK);
  const number = await takenUp();
  const form = await formOf(number, '答复并办结');
  network.loseAnswer(1, '/closing');
  await answer(form, '带身份证来。');
  await form.tap('答复并办结');
  await landedOn('packages/staff/inquiry/index');
  const closings = (await seenBy(CLERK, number)).timeline.filter(({ event }) => event === 'closed');
  assert.equal(closings.length, 1);
});

test('words changed after a lost answer go by a key of their own', async () => {
  await bindStaff(CLERK);
  const form = await formOf(await takenUp(), '收到补充材料');
  network.offline(1, '/supplements');
  await form.input(/^收到了哪些材料/, '身份证');
  await form.tap('登记');
  await form.input(/^收到了哪些材料/, '身份证和租赁合同');
  await form.tap('登记');
  await landedOn('packages/staff/inquiry/index');
  const [first, second] = keysOf(writes('/supplements'));
  assert.notEqual(first, second);
});

test('an outcome shows what it needs, and only that is sent', async () => {
  await bindStaff(CLERK);
  const number = await takenUp();
  const form = await formOf(number, '答复并办结');
  assert.ok(!form.has(/^理由/));
  await form.tap(/^不予办理，/);
  await form.input(/^救济途径/, '60 日内申请行政复议');
  await form.tap(/^引导，/);
  assert.ok(!form.has(/^救济途径/));
  await form.input(/^答复内容/, '这件事归区人社局。');
  await form.input(/^理由/, '不属于本单位职责');
  await form.input(/^提供的帮助/, '已经帮您联系了就业促进科');
  await form.tap('答复并办结');
  await landedOn('packages/staff/inquiry/index');
  assert.deepEqual(Object.keys(writes('/closing').at(-1).data).sort(), ['help', 'outcome', 'reason', 'reply']);
});

test('made a complaint about oneself it goes out of sight, after one more question', async () => {
  await bindStaff(CLERK);
  const number = await takenUp();
  const form = await formOf(number, '更正类别');
  assert.equal(form.data.fields.find(({ name }) => name === 'category').value, 'consult');
  await form.tap(/^投诉，/);
  await form.tap('这块岗牌的工作人员');
  await form.input(/^为什么更正/, '对方说的是窗口的态度');
  await form.tap('更正');
  assert.ok(shown('showModal').at(-1).content.includes('不再看到它'));
  const inquiry = await landedOn('packages/staff/inquiry/index');
  assert.ok(inquiry.shows('已经不在您这里'), inquiry.text);
  assert.ok(!inquiry.shows('对方说的是窗口的态度'));
});

test('an act without a form here is shown with the words of the server, and is done at the desk', async () => {
  await bindStaff(CLERK);
  const number = await takenUp();
  const inquiry = await seenBy(CLERK, number);
  const extra = ['brand_new', 'open_lead'].map((name) => ({ name, label: `做 ${name}`, method: 'POST', href: '/x', fields: [] }));
  network.answer(200, { ...inquiry, actions: [...inquiry.actions, ...extra] }, { match: `/staff/inquiries/${number}` });
  const opened = await openPage('packages/staff/inquiry/index', { number });
  for (const name of ['brand_new', 'open_lead']) {
    assert.ok(opened.shows(`做 ${name} 请在电脑工作台办理`), opened.text);
    assert.ok(!opened.has(`做 ${name}`));
  }
});

test('a field that is not known here is said to be there', async () => {
  await bindStaff(CLERK);
  const number = await takenUp();
  const inquiry = await seenBy(CLERK, number);
  for (const action of inquiry.actions) if (action.name === 'close') action.fields.push('brand_new');
  network.answer(200, inquiry, { match: `/staff/inquiries/${number}` });
  const form = await formOf(number, '答复并办结');
  assert.ok(form.shows('这一步还有这里没有的项目'));
});

test('every act that is open draws a form without a nameless control', async () => {
  await bindStaff(CLERK);
  const number = await takenUp({ category: 'application', written: true });
  const { actions } = await seenBy(CLERK, number);
  for (const { name } of actions) {
    const form = await openPage('packages/staff/act/index', { number, action: name });
    assert.equal(form.data.state, 'ready', name);
    assert.deepEqual(form.nameless, [], name);
  }
  assert.ok(page());
});
