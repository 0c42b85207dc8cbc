/** 答复并办结, on its own and in one step with registering; 登记电话回访. */
const { ENUMS, LIMITS } = require('../../../lib/contract');
const { GRADE_ICONS } = require('../../../lib/words');

const OUTCOME_HINTS = {
  completed: '事情办好了',
  answered: '问题答复清楚了',
  guided: '不属于本单位，告诉他该找哪里，或者帮了什么忙',
  refused: '不符合条件，要写明理由、依据和救济途径',
};
const RESULT_HINTS = {
  answered: '接通了，也给了评价',
  unreachable: '没有接通，以后还可以再打',
  refused: '接通了，不愿意评价',
};
const GUIDED_HINT =
  '主管部门和提供的帮助至少写一项；咨询要写理由和提供的帮助。书面申请有主管部门的，请用“转交”书面移交。';

const OUTCOMES = ENUMS.staff_outcome.map((word) => ({
  ...word,
  hint: OUTCOME_HINTS[/** @type {keyof typeof OUTCOME_HINTS} */ (word.value)],
}));
const RESULTS = ENUMS.call_result.map((word) => ({
  ...word,
  hint: RESULT_HINTS[/** @type {keyof typeof RESULT_HINTS} */ (word.value)],
}));
const GRADES = ENUMS.grade.map((word) => ({
  ...word,
  icon: GRADE_ICONS[/** @type {keyof typeof GRADE_ICONS} */ (word.value)],
}));

/**
 * What an outcome needs besides the reply; what another one put away is not sent.
 * @param {string} prefix `closing.` where it comes along with a registration
 * @param {Partial<import('./acts').Field>} outcome
 * @param {Partial<import('./acts').Field>} reply
 * @returns {import('./acts').Field[]}
 */
function closingFields(prefix, outcome = {}, reply = {}) {
  /** @param {...string} outcomes @returns {(values: any) => boolean} */
  const only = (...outcomes) => (values) => outcomes.includes(values[`${prefix}outcome`]);
  const isChosen = (/** @type {any} */ values) => Boolean(values[`${prefix}outcome`]);
  return [
    {
      name: `${prefix}outcome`,
      kind: 'choice',
      label: '结果',
      options: OUTCOMES,
      ask: '请选择结果。',
      ...outcome,
    },
    {
      name: `${prefix}reply`,
      kind: 'text',
      label: '答复内容',
      limit: LIMITS.reply,
      hint: '群众看到的就是这段话，最多 5,000 字',
      ask: '请写明办理结果。',
      ...(prefix ? { when: isChosen } : {}),
      ...reply,
    },
    {
      name: `${prefix}reason`,
      kind: 'text',
      label: '理由',
      limit: LIMITS.reason,
      hint: '不予办理、不属于本单位的，说明为什么',
      when: only('refused', 'guided'),
    },
    {
      name: `${prefix}basis`,
      kind: 'text',
      label: '依据',
      limit: LIMITS.basis,
      hint: '文件名称和条款',
      when: only('refused'),
    },
    {
      name: `${prefix}remedy`,
      kind: 'text',
      label: '救济途径',
      limit: LIMITS.remedy,
      hint: '向谁申请复议、向哪个法院起诉、期限多久',
      when: only('refused'),
    },
    {
      name: `${prefix}authority.name`,
      kind: 'line',
      label: '主管部门的名称',
      optional: true,
      limit: LIMITS.authority_name,
      hint: GUIDED_HINT,
      ask: '请写明主管部门的名称。',
      also: [`${prefix}authority`],
      when: only('guided'),
    },
    {
      name: `${prefix}authority.address`,
      kind: 'line',
      label: '主管部门的地址',
      optional: true,
      limit: LIMITS.authority_address,
      hint: '地址和电话至少写一项',
      when: only('guided'),
    },
    {
      name: `${prefix}authority.phone`,
      kind: 'line',
      label: '主管部门的电话',
      optional: true,
      limit: LIMITS.authority_phone,
      when: only('guided'),
    },
    {
      name: `${prefix}help`,
      kind: 'text',
      label: '提供的帮助',
      optional: true,
      limit: LIMITS.help,
      hint: '帮群众做了什么，例如联系了谁、查到了什么、陪同去了哪里',
      when: only('guided'),
    },
  ];
}

/** @type {Record<string, import('./acts').Act>} */
const ACTS = {
  close: {
    icon: 'done',
    submit: '答复并办结',
    done: '已答复并办结',
    reminds: true,
    confirm: (values) => (values.outcome === 'refused' ? '不予办理的说明会原样告诉群众，办结后不能修改。' : ''),
    fields: closingFields(''),
  },
  follow_up: {
    icon: 'phone',
    submit: '登记电话回访',
    done: '回访已登记',
    fields: [
      {
        name: 'result',
        kind: 'choice',
        label: '电话打得怎么样',
        options: RESULTS,
        ask: '请选择电话打得怎么样。',
      },
      {
        name: 'grade',
        kind: 'choice',
        label: '群众给的评价',
        options: GRADES,
        layout: 'faces',
        hint: '照群众说的填。',
        when: (values) => values.result === 'answered',
      },
      {
        name: 'comment',
        kind: 'text',
        label: '群众说了什么',
        optional: true,
        limit: LIMITS.comment,
        hint: '群众在进度页面看得到这里写的话',
      },
    ],
  },
};

module.exports = { ACTS, closingFields };
