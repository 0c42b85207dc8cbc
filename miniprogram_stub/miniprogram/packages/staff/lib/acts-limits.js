/** 认定事项和办理时限、延长、一次性告知、收到补充材料. */
const { ENUMS, LIMITS } = require('../../../lib/contract');

const DOCUMENTS = LIMITS.documents * (LIMITS.document + 1);

/** @param {any} matter of the 事项目录 */
function matterLabel({ name, promised_days: promised, legal_days: legal, regime_label: regime }) {
  const days = promised ? `承诺 ${promised} 个工作日` : `法定 ${legal} 个工作日`;
  return `${name}（${days}${regime ? `，${regime}` : ''}）`;
}

/** @param {import('./acts').Context} context */
const named = ({ matters }) => (matters || []).map((matter) => ({ value: matter.id, label: matterLabel(matter) }));

/** @param {import('./acts').Context} context */
const told = ({ matters }) => (matters || []).map((matter) => ({ value: matter.id, label: matter.name }));

/** @param {import('./acts').Values} _values @param {import('./acts').Context} context */
const hasMatters = (_values, { matters }) => Boolean(matters && matters.length);

/** @param {import('./acts').Values} values */
const isUnlisted = (values) => !values.matter;

/** @type {Record<string, import('./acts').Act>} */
const ACTS = {
  name_matter: {
    icon: 'book',
    lead: ({ inquiry }) =>
      `办理时限从${inquiry.round > 1 ? '重新打开之日' : '收到之日'}起算，晚认定不会多出时间。`,
    submit: '认定',
    done: '已认定',
    needs: ['matters'],
    fields: [
      {
        name: 'matter',
        kind: 'pick',
        label: '事项目录中的事项',
        optional: true,
        optionsOf: named,
        when: hasMatters,
        none: '不在目录里，填下面三项',
        hint: '选了事项，时限和依据按目录',
      },
      {
        name: 'regime',
        kind: 'pick',
        label: '适用的其他规定',
        options: ENUMS.regime,
        when: isUnlisted,
        ask: '请选择事项目录中的事项，或者选择适用的其他规定。',
      },
      {
        name: 'days',
        kind: 'number',
        label: '办理时限（工作日）',
        limit: 3,
        when: isUnlisted,
        ask: '请写明办理时限是多少个工作日。',
      },
      {
        name: 'basis',
        kind: 'text',
        label: '时限的依据',
        limit: LIMITS.matter_basis,
        when: isUnlisted,
        hint: '文件名称和条款，群众看得到',
        ask: '请写明时限的依据：文件名称和条款。',
      },
    ],
  },
  extend: {
    icon: 'clock',
    title: '说明理由延长时限',
    submit: '延长',
    done: '已延长',
    fields: [
      {
        name: 'reason',
        kind: 'text',
        label: '为什么延长',
        limit: LIMITS.reason,
        hint: '群众看得到。届满之前只能延长一次。',
        ask: '请写明为什么延长。',
      },
      {
        name: 'days',
        kind: 'number',
        label: '延长几个工作日',
        optional: true,
        limit: 3,
        hint: '不填就按最多的算',
        ask: '请写明延长几个工作日。',
      },
    ],
  },
  notify: {
    icon: 'doc',
    lead: ({ inquiry }) =>
      inquiry.notice
        ? `这一轮已经告知过 ${inquiry.notice.position} 次。再次告知的等待时间照常计算，办理时限不暂停；再要求清单以外的资料，会在群众的页面上标出。`
        : '四项一次写全。告知以后等群众补充资料，办理时限暂停计算。',
    submit: '告知',
    done: '已告知',
    needs: ['matters'],
    fields: [
      {
        name: 'matter',
        kind: 'pick',
        label: '按事项目录填写',
        optional: true,
        optionsOf: told,
        when: hasMatters,
        none: '不用目录，自己写',
        hint: '选了目录里的事项，下面没有填的就照目录告知',
      },
      { name: 'basis', kind: 'text', label: '办理依据', limit: LIMITS.basis, hint: '文件名称和条款' },
      {
        name: 'time_limit',
        kind: 'text',
        label: '办理时限',
        limit: LIMITS.time_limit,
        hint: '群众看到的说法，例如：材料补齐后 10 个工作日内办结',
      },
      {
        name: 'days',
        kind: 'number',
        label: '办理时限的工作日数',
        optional: true,
        limit: 3,
        hint: '填了就开始计时',
        ask: '请用数字填写工作日数。',
      },
      {
        name: 'days_kind',
        kind: 'choice',
        label: '是哪种时限',
        options: ENUMS.limit_basis,
        layout: 'row',
        when: (values) => Boolean(values.days),
        ask: '请选择是法定时限还是承诺时限。',
      },
      { name: 'procedure', kind: 'text', label: '办理程序', limit: LIMITS.procedure, hint: '一步一步写清楚' },
      {
        name: 'documents',
        kind: 'lines',
        label: '所需资料',
        limit: DOCUMENTS,
        hint: '一行写一项，最多 30 项，每项 200 字以内；全部写上，以后再要就是清单以外',
      },
    ],
  },
  record_supplement: {
    icon: 'clip',
    lead: ({ inquiry }) =>
      `群众送到窗口或者邮寄来的材料，在这里登记。${
        inquiry.status === 'awaiting_citizen' ? '登记以后不再等群众，暂停的时限从收到那天接着算。' : ''
      }`,
    submit: '登记',
    done: '已登记',
    fields: [
      {
        name: 'text',
        kind: 'text',
        label: '收到了哪些材料',
        limit: LIMITS.text,
        hint: '群众看得到',
        ask: '请写明收到了哪些材料。',
      },
      {
        name: 'received_at',
        kind: 'when',
        label: '什么时候收到的',
        optional: true,
        hint: '不填就是现在',
        ask: '请把日期和时间都选上。',
      },
    ],
  },
};

module.exports = { ACTS };
