/** The boxes of the day: their order on a phone, what an empty one will hold, and a line of a list. */
const { ENUMS } = require('../../../lib/contract');
const { CLOCKS } = require('../../../lib/words');

const ALWAYS = ['todo', 'offered', 'mine', 'due_soon', 'overdue'];
const WHERE_COUNTED = ['unsigned', 'joint', 'disputes', 'section', 'unit'];
const FIRST_LOOK = ['todo', 'offered', 'disputes', 'overdue', 'unsigned', 'due_soon', 'joint', 'mine', 'section', 'unit'];
const MOST = 999;

const EMPTY = {
  todo: '群众提交给您这里、还没有签收的事项会出现在这里。',
  unsigned: '到下一个工作日下班还没有人签收的事项会出现在这里。',
  offered: '别人转交过来、等您承接的事项会出现在这里。',
  mine: '您签收或者承接、正在办的事项会出现在这里。',
  due_soon: '剩下不到一个工作日的事项会出现在这里。',
  overdue: '过了时限还没有办完的事项会出现在这里。',
  joint: '需要几个单位一起办的事项会出现在这里：本单位牵头的，和别的单位请本单位参加的。',
  disputes: '几次退回、等您裁定由谁承办的事项会出现在这里。',
  section: '本科室经手的事项会出现在这里。',
  unit: '本单位的事项会出现在这里。',
  closed: '办结的事项会出现在这里。',
};

/** @param {string} name */
const labelOf = (name) => (ENUMS.box.find((box) => box.value === name) || { label: '' }).label;

/**
 * The daily ones and 已办结 always, the others where the server counts something in them.
 * @param {Record<string, number>} counts
 */
function boxesOf(counts) {
  const shown = [...ALWAYS, ...WHERE_COUNTED.filter((name) => counts[name] > 0), 'closed'];
  return shown.map((name) => {
    const total = counts[name] || 0;
    return { name, label: labelOf(name), total, count: total > MOST ? `${MOST}+` : String(total) };
  });
}

/**
 * Where the day begins: the first box that has something in it.
 * @param {Record<string, number>} counts
 */
const firstBox = (counts) => FIRST_LOOK.find((name) => counts[name] > 0) || 'todo';

/** @param {string} name */
const emptyWords = (name) => EMPTY[/** @type {keyof typeof EMPTY} */ (name)] || '';

/** @param {any} item of the work list */
function lineOf(item) {
  const mark = item.clock_state ? CLOCKS[/** @type {keyof typeof CLOCKS} */ (item.clock_state)] : null;
  return {
    number: item.number,
    title: item.summary || `${item.category_label}（还没有写摘要）`,
    category: item.category_label,
    displayNumber: item.display_number,
    received: item.received_text,
    status: item.status_label,
    holder: item.holder_text || '',
    due: item.due_text || '',
    provisional: item.provisional,
    external: item.external && {
      number: item.external.number,
      due: item.external.due_text ? `${item.external.limit_label}：${item.external.due_text}` : '',
      overdue: item.external.overdue,
    },
    mark: mark && { icon: mark.icon, tone: mark.tone, text: item.remaining_text || mark.word },
  };
}

module.exports = { boxesOf, emptyWords, firstBox, labelOf, lineOf };
