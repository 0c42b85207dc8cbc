/** 登记来电、来访、来信: the fields, in the order in which one hears them; closing comes along when it ended on the spot. */
const { ENUMS, LIMITS } = require('../../../lib/contract');
const { closingFields } = require('./acts-closing');
const { SUMMARY_HINT } = require('./acts-taking');
const { bodyOf } = require('./form');

/** @param {import('./acts').Values} values */
const isComplaint = (values) => values.category === 'complaint';

/** Out of another system, with a number of its own. @param {import('./acts').Values} values */
const isForwarded = (values) => ['hotline', 'mailbox'].includes(values.channel);

/** @type {import('./acts').Field[]} */
const FIELDS = [
  {
    name: 'channel',
    kind: 'choice',
    heading: '怎么来的',
    label: '首问方式',
    options: ENUMS.channel,
    layout: 'row',
    ask: '请选择首问方式。',
  },
  {
    name: 'category',
    kind: 'choice',
    label: '首问类别',
    options: ENUMS.category,
    layout: 'row',
    ask: '请选择首问类别。',
  },
  {
    name: 'about.kind',
    kind: 'choice',
    label: '投诉谁',
    options: ENUMS.about_kind,
    hint: '被投诉的人和他所在的科室看不到这件投诉。投诉的是您本人时，请让对方扫码提交。',
    ask: '请选择投诉谁。',
    also: ['about'],
    when: isComplaint,
  },
  {
    name: 'about.name',
    kind: 'line',
    label: '他的姓名或工号',
    optional: true,
    limit: LIMITS.about_name,
    when: isComplaint,
  },
  {
    name: 'occurred_at',
    kind: 'when',
    label: '什么时候来的',
    optional: true,
    hint: '不填就是现在。补登记请填实际时间，时限从那时算起。',
    ask: '请把日期和时间都选上。',
  },
  {
    name: 'external_no',
    kind: 'line',
    label: '其他系统编号',
    optional: true,
    limit: LIMITS.external_no,
    hint: '热线工单或者信箱来信的编号',
    when: isForwarded,
  },
  {
    name: 'external_due_at',
    kind: 'when',
    label: '其他系统交办的期限',
    optional: true,
    hint: '和办法的时限分开显示，互不代替',
    when: isForwarded,
  },
  {
    name: 'external_basis',
    kind: 'line',
    label: '这个期限的依据',
    optional: true,
    limit: LIMITS.external_basis,
    when: isForwarded,
  },
  {
    name: 'content',
    kind: 'text',
    heading: '什么事',
    label: '首问内容',
    limit: LIMITS.content,
    hint: '照群众说的记，最多 5,000 字',
    ask: '请记下首问内容。',
  },
  { name: 'summary', kind: 'line', label: '摘要', optional: true, limit: LIMITS.summary, hint: SUMMARY_HINT },
  { name: 'written', kind: 'tick', label: '交来了书面申请' },
  {
    name: 'contact.name',
    kind: 'line',
    heading: '服务对象',
    label: '姓名',
    optional: true,
    limit: LIMITS.name,
    also: ['contact'],
  },
  {
    name: 'contact.phone',
    kind: 'line',
    label: '电话',
    optional: true,
    limit: LIMITS.phone,
    trims: true,
    hint: '留了电话，对方可以自己查进度和评价',
  },
  {
    name: 'contact.kind',
    kind: 'choice',
    label: '类型',
    options: ENUMS.citizen_kind,
    layout: 'row',
    first: 'person',
  },
  {
    name: 'contact.org_name',
    kind: 'line',
    label: '单位名称',
    optional: true,
    limit: LIMITS.org_name,
    when: (values) => values['contact.kind'] !== 'person',
  },
  ...closingFields(
    'closing.',
    {
      heading: '当场办结',
      optional: true,
      also: ['closing'],
      hint: '当场办完了才选，不选就登记为待办。',
      options: [{ value: '', label: '还没有办完' }, ...ENUMS.staff_outcome],
      layout: 'row',
    },
    { label: '具体办理情况', hint: '答复了什么、办成了什么，群众看得到' },
  ),
];

/**
 * The kind of a contact alone says nothing: without a name or a phone there is no contact.
 * @param {import('./acts').Field[]} shown
 * @param {import('./acts').Values} values
 */
function registrationOf(shown, values) {
  const body = bodyOf(shown, values);
  const { kind: _kind, ...left } = body.contact || {};
  if (!Object.keys(left).length) delete body.contact;
  return body;
}

/**
 * What is handed to the visitor: the number, and how to follow.
 * @param {any} made the server's answer
 * @param {import('./acts').Values} values
 */
function slipOf(made, values) {
  const isClosed = made.status === 'closed';
  return {
    number: made.number,
    displayNumber: made.display_number,
    holder: made.holder && !isClosed ? made.holder.text : '',
    clocks: isClosed ? [] : made.clocks,
    note: isClosed ? '' : made.no_limit_note || '',
    isClosed,
    hasPhone: Boolean((values['contact.phone'] || '').trim()),
  };
}

module.exports = { FIELDS, registrationOf, slipOf };
