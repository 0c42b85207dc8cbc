/** One inquiry on a member of staff's phone: what happens now, what was said, what to do next; then how it came here. */
const { headOf, timelineOf } = require('../../../lib/case');
const { definePage } = require('../../../lib/page');
const { asProblem } = require('../../../lib/problem');
const { sorted } = require('../lib/acts');
const drafts = require('../lib/drafts');
const memory = require('../lib/memory');
const reminders = require('../lib/reminders');
const ways = require('../lib/ways');

/** @param {any} inquiry */
function marksOf(inquiry) {
  const marks = [];
  if (inquiry.confidential) marks.push({ text: '保密投诉，请勿外传', icon: 'lock', tone: 'warn' });
  if (inquiry.late_entry) marks.push({ text: '补录', icon: 'pen', tone: 'plain' });
  if (inquiry.written) marks.push({ text: '书面申请', icon: 'doc', tone: 'plain' });
  if (inquiry.round > 1) marks.push({ text: `第 ${inquiry.round} 次办理`, icon: 'reopen', tone: 'plain' });
  return marks;
}

definePage({
  data: {
    inquiry: null,
    title: '',
    marks: [],
    head: null,
    entries: [],
    primary: [],
    others: [],
    hasActions: false,
    canSpeak: false,
  },
  refreshOnShow: true,

  /** @param {any} query */
  onLoad(query) {
    this.number = query.number || '';
  },

  async load() {
    try {
      const { inquiry } = await memory.openCase(this.number);
      this.draw(inquiry);
    } catch (error) {
      // Given away, and out of sight by that: no error, the end of one's own part.
      if (this.data.inquiry && asProblem(error).code === 'not_found') return 'gone';
      throw error;
    }
    // How many messages are left is wanted at the next tap; whether it is known by then matters little.
    reminders.load().catch(() => {});
    return 'ready';
  },

  /** @param {any} inquiry */
  draw(inquiry) {
    const { primary, others } = sorted(inquiry.actions, (name) => drafts.load(`act.${inquiry.number}.${name}`) !== null);
    this.setData({
      inquiry,
      title: inquiry.summary || `${inquiry.category_label}（还没有写摘要）`,
      marks: marksOf(inquiry),
      head: headOf(inquiry, 'staff'),
      entries: timelineOf(inquiry.timeline),
      primary,
      others,
      hasActions: primary.length + others.length > 0,
      canSpeak: others.some((one) => one.name === 'joint_opinion'),
    });
  },

  /** @param {any} event */
  act({ currentTarget }) {
    ways.open('act', { number: this.number, action: currentTarget.dataset.name });
  },

  toDesk: ways.toDesk,
});
