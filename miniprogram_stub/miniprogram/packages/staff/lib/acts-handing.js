/** 转交, and 裁定 after repeated returns. */
const { ENUMS, LIMITS } = require('../../../lib/contract');

const MODE_HINTS = { transfer: '把事项交过去', escort: '带着群众过去，当面交接' };

const MODES = ENUMS.handoff_mode.map((word) => ({
  ...word,
  hint: MODE_HINTS[/** @type {keyof typeof MODE_HINTS} */ (word.value)],
}));

/** Anywhere but where it is; of the own unit a section is named. @param {import('./acts').Context} context */
function handing({ inquiry, me }) {
  const holder = inquiry.holder || {};
  return {
    general: '由对方总岗承接',
    person: '不指定，由对方科室承接',
    own: me.unit.id,
    without: holder.section ? holder.section.id : '',
  };
}

/** Inside a unit its own people; a coordinator names anybody. @param {import('./acts').Context} context */
function arbitrating({ inquiry: { dispute } }) {
  const isCoordinator = dispute.level === 'coordinator';
  return { general: '首问责任总岗', person: '不指定，由岗位承办', within: isCoordinator ? null : [dispute.arbiter_unit.id] };
}

/** @type {Record<string, import('./acts').Act>} */
const ACTS = {
  hand_over: {
    icon: 'handoff',
    submit: '转交',
    done: '已转交，等待对方承接',
    needs: ['directory'],
    fields: [
      {
        name: 'place',
        of: 'to_unit',
        kind: 'place',
        label: '转交给',
        hint: '对方承接之前，仍由您负责',
        ask: '请选择转交给哪里。',
        also: ['to_unit', 'to_section', 'to_staff'],
        how: handing,
      },
      { name: 'mode', kind: 'choice', label: '方式', options: MODES, first: 'transfer', ask: '请选择方式。' },
      {
        name: 'reason',
        kind: 'text',
        label: '为什么转交',
        limit: LIMITS.reason,
        hint: '群众和对方都看得到',
        ask: '请写明为什么转交。',
      },
      { name: 'written', kind: 'tick', label: '以书面形式移交', hint: '移交给其他单位的书面申请要勾选' },
    ],
  },
  decide_dispute: {
    icon: 'flag',
    lead: '裁定以后，由您指定的科室或人员从现在起承办，时限接着算。',
    submit: '作出裁定',
    done: '已经裁定',
    needs: ['directory'],
    confirm: () => '裁定作出以后不能撤回。',
    fields: [
      {
        name: 'place',
        of: 'to_unit',
        kind: 'place',
        label: '由谁承办',
        ask: '请选择由谁承办。',
        also: ['to_unit', 'to_section', 'to_staff'],
        how: arbitrating,
      },
      {
        name: 'reason',
        kind: 'text',
        label: '理由',
        limit: LIMITS.reason,
        hint: '群众和各单位都看得到，请写明文件和条款',
        ask: '请写明裁定的理由。',
      },
    ],
  },
  escalate_dispute: {
    icon: 'flag',
    submit: '提请裁定',
    done: '已提请裁定',
    confirm: () => '提请以后，由单位主要负责人裁定。',
    fields: [
      {
        name: 'reason',
        kind: 'text',
        label: '为什么提请',
        limit: LIMITS.reason,
        hint: '群众看得到',
        ask: '请写明为什么提请主要负责人裁定。',
      },
    ],
  },
};

module.exports = { ACTS };
