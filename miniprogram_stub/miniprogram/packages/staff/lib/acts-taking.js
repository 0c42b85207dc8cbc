/** 签收、承接、退回、分派、更正类别. */
const { ENUMS, LIMITS } = require('../../../lib/contract');
const { CATEGORY_HINTS } = require('../../../lib/words');
const { assignees } = require('./people');

const SUMMARY_HINT = '列表上显示，40 字以内，不写姓名、电话和住址';

const CATEGORIES = ENUMS.category.map((word) => ({
  ...word,
  hint: CATEGORY_HINTS[/** @type {keyof typeof CATEGORY_HINTS} */ (word.value)],
}));

/** @param {import('./acts').Values} values @param {import('./acts').Context} context */
const becomesComplaint = (values, { inquiry }) => values.category === 'complaint' && inquiry.category !== 'complaint';

/** @type {Record<string, import('./acts').Act>} */
const ACTS = {
  confirm: {
    icon: 'check',
    submit: '签收',
    done: '已签收',
    reminds: true,
    fields: [
      { name: 'summary', kind: 'line', label: '摘要', optional: true, limit: LIMITS.summary, hint: SUMMARY_HINT },
      {
        name: 'competent',
        kind: 'tick',
        label: '属本单位职责',
        hint: '书面申请勾选后由本单位办理，不再计算移交的时限',
      },
      {
        name: 'on_the_spot',
        kind: 'tick',
        label: '能够当场办理',
        hint: '属于您的职责、条件和材料都齐的勾选，应当即时办完',
      },
    ],
  },
  accept: {
    icon: 'check',
    lead: '承接后由您负责到底，时限接着算。',
    submit: '承接',
    done: '已承接',
    reminds: true,
    fields: [],
  },
  return: {
    icon: 'return',
    submit: '退回',
    quiet: true,
    done: '已退回',
    confirm: () => '退回以后，由转交的一方继续负责。',
    fields: [
      {
        name: 'reason',
        kind: 'text',
        label: '为什么退回',
        limit: LIMITS.reason,
        hint: '群众看得到，请写清楚该由谁办。',
        ask: '请写明为什么退回。',
      },
      {
        name: 'clause',
        kind: 'text',
        label: '退回的依据',
        limit: LIMITS.clause,
        hint: '写明文件和条款，例如“三定”规定或权责清单的哪一条',
        ask: '请写明退回依据的文件和条款。',
      },
    ],
  },
  assign: {
    icon: 'person',
    submit: '分派',
    done: '已分派',
    needs: ['directory'],
    fields: [
      {
        name: 'to_staff',
        kind: 'pick',
        label: '由谁办理',
        optionsOf: ({ units, me }) => assignees(units || [], me),
        hint: '只列在岗的人员',
        ask: '请选择由谁办理。',
      },
      { name: 'reason', kind: 'text', label: '说明', optional: true, limit: LIMITS.reason },
    ],
  },
  classify: {
    icon: 'pen',
    submit: '更正',
    done: '已更正',
    confirm: (values, context) =>
      becomesComplaint(values, context) ? '更正为投诉以后，由机关纪委或者总岗办理，您和被投诉的一方不再看到它。' : '',
    fields: [
      {
        name: 'category',
        kind: 'choice',
        label: '首问类别',
        options: CATEGORIES,
        first: (/** @type {import('./acts').Context} */ { inquiry }) => inquiry.category,
        hint: '必须遵守的时限不因更正而消失；新的时限从收到之日算起。',
        ask: '请选择更正后的类别。',
      },
      {
        name: 'about.kind',
        kind: 'choice',
        label: '投诉谁',
        options: ENUMS.about_kind,
        when: becomesComplaint,
        hint: '更正后由机关纪委或者总岗办理，您和被投诉的一方不再看到它。',
        ask: '请选择投诉谁。',
        also: ['about'],
      },
      {
        name: 'about.name',
        kind: 'line',
        label: '他的姓名或工号',
        optional: true,
        limit: LIMITS.about_name,
        when: becomesComplaint,
      },
      { name: 'channel', kind: 'tick', label: '群众是当面来的，首问方式更正为“来访”', sends: 'visit' },
      {
        name: 'reason',
        kind: 'text',
        label: '为什么更正',
        limit: LIMITS.reason,
        hint: '群众看得到',
        ask: '请写明为什么更正。',
      },
    ],
  },
};

module.exports = { ACTS, SUMMARY_HINT };
