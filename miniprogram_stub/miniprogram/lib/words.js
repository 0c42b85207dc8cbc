/** Words and marks of a case, the same as on the web pages. */

const HEADLINES = {
  filed: '已收到，等待签收',
  confirmed: '正在办理',
  awaiting_citizen: '等您补充材料',
  in_handoff: '正在转交',
  joint: '几个单位正在共同办理',
  closed: '已办结',
};

const EXPLANATIONS = {
  filed: '从您提交的那一刻起，就有人对这件事负责。',
  confirmed: '工作人员已经签收，正在处理您的事项。',
  awaiting_citizen: '请看下面的一次性告知，补齐后办理继续。',
  in_handoff: '对方承接之前，仍由现在的负责人对您负责。',
  joint: '由最先接待您的单位牵头，您不用逐家去跑。',
};

const STATUS_ICONS = {
  filed: 'inbox',
  confirmed: 'pen',
  awaiting_citizen: 'hourglass',
  in_handoff: 'handoff',
  joint: 'building',
  closed: 'done',
};

/** How a limit stands: icon, tone, word. */
const CLOCKS = {
  running: { icon: 'clock', tone: 'plain', word: '进行中' },
  due_soon: { icon: 'hourglass', tone: 'warn', word: '快到期' },
  overdue: { icon: 'alert', tone: 'bad', word: '已超期' },
  paused: { icon: 'hourglass', tone: 'plain', word: '暂停计算' },
  met: { icon: 'done', tone: 'good', word: '按时完成' },
  met_late: { icon: 'done', tone: 'warn', word: '超期完成' },
  cancelled: { icon: 'cross', tone: 'plain', word: '不再适用' },
  missed: { icon: 'alert', tone: 'bad', word: '超过时限，没有履行' },
};

const RUNNING = ['running', 'due_soon', 'overdue', 'paused'];

/** What stands beside an entry of the timeline. */
const EVENT_ICONS = {
  filed: 'inbox',
  confirmed: 'check',
  offered: 'handoff',
  accepted: 'person',
  assigned: 'person',
  returned: 'return',
  withdrawn: 'return',
  lapsed: 'hourglass',
  closed: 'done',
  rated: 'star',
  rating_changed: 'star',
  supplemented: 'plus',
  attached: 'clip',
  reopened: 'reopen',
  clock_overdue: 'alert',
  addressed_outside: 'handoff',
  external_cancelled: 'cross',
  result_back: 'done',
  dispute_opened: 'flag',
  dispute_escalated: 'flag',
  dispute_decided: 'person',
  joint_started: 'building',
  joint_opinion: 'chat',
  joint_planned: 'doc',
  joint_referred: 'flag',
  joint_task_done: 'check',
  clock_due_soon: 'hourglass',
  noticed: 'doc',
  notice_received: 'check',
  reclassified: 'pen',
  clock_extended: 'clock',
  clock_recalculated: 'clock',
  matter_named: 'book',
  reminded: 'clock',
  supervised: 'flag',
  instructed: 'pen',
  followed_up: 'phone',
  erased: 'cross',
  reviewed: 'search',
  lead_opened: 'alert',
  lead_element: 'search',
  lead_statement: 'chat',
  lead_decided: 'doc',
};

const GRADE_ICONS = { satisfied: 'smile', fair: 'meh', dissatisfied: 'frown' };

const CATEGORY_HINTS = {
  consult: '想问清楚政策、条件、手续，或者该找谁',
  application: '有一件具体的事要办',
  report: '发现了问题，希望有人处理',
  complaint: '对工作人员或者服务不满意',
  other: '上面都不是，或者说不清',
};

const CATEGORY_ICONS = { consult: 'chat', application: 'doc', report: 'flag', complaint: 'appeal', other: 'other' };

module.exports = {
  HEADLINES,
  EXPLANATIONS,
  STATUS_ICONS,
  CLOCKS,
  RUNNING,
  EVENT_ICONS,
  GRADE_ICONS,
  CATEGORY_HINTS,
  CATEGORY_ICONS,
};
