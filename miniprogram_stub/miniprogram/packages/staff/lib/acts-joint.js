/** 共同办理 (坛 六（三）、七（三）): begin, speak, plan, report upward, report a task done. */
const { ENUMS, LIMITS } = require('../../../lib/contract');

const KIND_HINTS = {
  opinion: '本单位怎么看、能做什么',
  consultation: '什么时候、和谁、商量了什么、结果怎样',
};

const KINDS = ENUMS.opinion_kind.map((word) => ({
  ...word,
  hint: KIND_HINTS[/** @type {keyof typeof KIND_HINTS} */ (word.value)],
}));

/** @param {import('./acts').Context} context @returns {import('./acts').Field[]} */
function planFields({ inquiry }) {
  const units = inquiry.joint ? inquiry.joint.units : [];
  return [
    {
      name: 'plan',
      kind: 'text',
      label: '办理方案',
      limit: LIMITS.plan,
      ask: '请写明办理方案。',
    },
    ...units.map((/** @type {any} */ { unit }, /** @type {number} */ index) => ({
      name: `tasks.${unit.id}`,
      kind: /** @type {const} */ ('task'),
      label: `${unit.name}做什么`,
      optional: true,
      limit: LIMITS.task,
      hint: index ? '' : '群众看得到，请写得明白，不写别人的个人信息',
    })),
  ];
}

/** @type {Record<string, import('./acts').Act>} */
const ACTS = {
  start_joint: {
    icon: 'building',
    lead: ({ inquiry }) =>
      inquiry.measure.id === 'tan'
        ? '涉及本单位，又要其他单位一起办的，即时报告本单位负责人。报告进入负责人的待办，就开始算 3 个工作日：商定办理方案，或者书面报告上级。牵头的是本单位。'
        : '牵头的是本单位，由您汇总后答复群众。这一步由本系统提供。',
    submit: '报告负责人并请各单位办理',
    done: '已报告负责人，已请各单位办理',
    needs: ['directory'],
    fields: [
      {
        name: 'units',
        kind: 'units',
        label: '和哪些单位一起办',
        how: ({ inquiry: { holder } }) => ({ exceptUnit: holder && holder.unit ? holder.unit.id : '' }),
        ask: '请选择共同办理的单位。',
      },
      {
        name: 'matter',
        kind: 'text',
        label: '哪些事要一起办',
        limit: LIMITS.matter,
        hint: '本单位负责人和各单位看得到，群众看不到',
        ask: '请写明哪些事要一起办。',
      },
      {
        name: 'found_at',
        kind: 'when',
        label: '什么时候发现要一起办',
        optional: true,
        hint: '不填就是现在。即时报告的时限从那时算起。',
        ask: '请把日期和时间都选上。',
      },
    ],
  },
  joint_opinion: {
    icon: 'chat',
    submit: '记下来',
    done: '已记下',
    fields: [
      {
        name: 'kind',
        kind: 'choice',
        label: '写的是',
        options: KINDS,
        first: 'opinion',
        ask: '请选择是意见还是协商记录。',
      },
      {
        name: 'text',
        kind: 'text',
        label: '内容',
        limit: LIMITS.text,
        hint: '以本单位名义写，写了不能改；群众看不到内容，只看得到哪个单位已经答复',
        ask: '请写下内容。',
      },
    ],
  },
  plan_joint: {
    icon: 'doc',
    title: '记录商定的办理方案',
    lead: '方案只记录一次；以后有变化，写成协商记录。',
    submit: '记录方案',
    done: '方案已记录',
    confirm: () => '方案只记录一次，记录以后不能修改。',
    fields: planFields,
  },
  refer_joint: {
    icon: 'flag',
    title: '商量不成，书面报告上级',
    lead: '三项都要写，只报告一次。送出以后可以在电脑工作台打印成文，协商记录自动附在后面。',
    submit: '送出报告',
    done: '报告已送出',
    confirm: () => '只报告一次，送出以后不能修改。',
    fields: [
      {
        name: 'to',
        kind: 'choice',
        label: '主送',
        options: ENUMS.report_to,
        layout: 'row',
        ask: '请选择主送哪里。',
      },
      { name: 'matters', kind: 'text', label: '具体事项', limit: LIMITS.matters, ask: '请列明具体事项。' },
      {
        name: 'positions',
        kind: 'text',
        label: '各方理据',
        limit: LIMITS.positions,
        hint: '每个单位的理由和依据',
        ask: '请列明各方理据。',
      },
      { name: 'opinion', kind: 'text', label: '倾向性意见', limit: LIMITS.opinion, ask: '请提出倾向性意见。' },
    ],
  },
  finish_joint_task: {
    icon: 'check',
    title: '报告本单位任务完成',
    submit: '报告完成',
    done: '已报告完成',
    confirm: () => '只报告一次，送出以后不能修改。',
    fields: [
      {
        name: 'text',
        kind: 'text',
        label: '做了什么，结果怎样',
        limit: LIMITS.text,
        hint: '只报告一次，由牵头单位汇总后答复群众',
        ask: '请写明做了什么。',
      },
    ],
  },
};

module.exports = { ACTS };
