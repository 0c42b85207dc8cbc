/** 共同办理, 一次性告知 and 移交系统外单位 on the phone. */
const { assert, bindStaff, landedOn, office, test } = require('../../support');
const { CLERK, formOf, seenBy, takenUp } = require('./office');

const PARTNER = 'jt-rs-zonggang';

test('joint handling: units ticked, an opinion by one of them, a plan with a task, both shown', async () => {
  await bindStaff(CLERK);
  const number = await takenUp({ category: 'report' });
  const form = await formOf(number, '请其他单位共同办理');
  await form.input('查找单位', '人力资源');
  await form.tap(/人力资源和社会保障局$/);
  assert.ok(form.shows('已选 1 个'));
  await form.input(/^哪些事要一起办/, '核查欠薪');
  await form.tap('报告负责人并请各单位办理');
  let inquiry = await landedOn('packages/staff/inquiry/index');
  assert.ok(inquiry.shows('等待答复'));
  assert.ok(inquiry.shows('还没有都写意见'), inquiry.text);
  await office.act(PARTNER, number, 'joint_opinion', { kind: 'opinion', text: '我局派人参加' });
  await inquiry.pullDown();
  await inquiry.tap('记录办理方案');
  const plan = await landedOn('packages/staff/act/index');
  await plan.input(/^办理方案/, '周三一起到现场');
  await plan.input(/人力资源和社会保障局做什么/, '核对工资表');
  await plan.tap('记录方案');
  inquiry = await landedOn('packages/staff/inquiry/index');
  assert.ok(inquiry.shows('周三一起到现场'));
  assert.ok(inquiry.shows('做什么：核对工资表'));
});

test('a notice wants all four parts at once, and takes documents one on a line', async () => {
  await bindStaff(CLERK);
  const number = await takenUp({ category: 'application' });
  const form = await formOf(number, '一次性告知');
  await form.tap('告知');
  assert.ok(form.shows('请修改：办理依据、办理时限、办理程序、所需资料'), form.text);
  await form.input(/^办理依据/, '《市场主体登记管理条例》');
  await form.input(/^办理时限(，一次|$)/, '材料补齐后 3 个工作日');
  await form.input(/^办理程序/, '受理、审核、发证');
  await form.input(/^所需资料/, '身份证\n\n 租赁合同 ');
  await form.tap('告知');
  const inquiry = await landedOn('packages/staff/inquiry/index');
  assert.ok(inquiry.shows('租赁合同'));
  const { notice } = await seenBy(CLERK, number);
  assert.deepEqual(notice.documents.map(({ name }) => name), ['身份证', '租赁合同']);
});

test('a letter to an authority outside: 送达 cannot lie before it was written, and it can be cancelled', async () => {
  await bindStaff(CLERK);
  const number = await takenUp({ category: 'application', written: true });
  const form = await formOf(number, '书面移交系统外单位');
  await form.input(/^主管部门名称/, '常州海关');
  await form.input(/^电话/, '0519-12360');
  await form.input(/^移交理由/, '属于海关职责');
  await form.tap('拟移交函');
  const inquiry = await landedOn('packages/staff/inquiry/index');
  assert.ok(inquiry.shows('书面移交常州海关'));
  await inquiry.tap('登记送达');
  const service = await landedOn('packages/staff/act/index');
  await service.choose(/^什么时候送达，日期/, '2020-01-01');
  await service.choose(/^什么时候送达，时间/, '10:00');
  await service.tap('直接送达');
  await service.input(/^凭据/, '收件人王五');
  await service.tap('登记送达并办结');
  assert.ok(service.shows('送达时间不能早于拟写移交函的时间'));
  assert.ok(service.shows('请修改：什么时候送达。'));
  const cancelling = await formOf(number, '取消移交函');
  await cancelling.input(/^为什么取消/, '核实以后属于本单位');
  await cancelling.tap('取消移交函');
  await landedOn('packages/staff/inquiry/index');
  assert.equal((await seenBy(CLERK, number)).external_handoffs[0].state, 'cancelled');
});

test('an opinion is signed in the only role there is', async () => {
  await bindStaff('jt-sp-chuangkou-2');
  const number = await takenUp();
  const form = await formOf(number, '签署意见');
  await form.input(/^意见/, '同意');
  await form.tap('签署意见');
  const inquiry = await landedOn('packages/staff/inquiry/index');
  assert.ok(inquiry.shows('科室负责人意见'));
  assert.ok(inquiry.shows('同意'));
});
