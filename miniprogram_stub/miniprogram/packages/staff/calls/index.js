/** The calls to make about closed matters, the most urgent first (泸 二（二）4, 附件1-16). */
const { endpoint } = require('../../../lib/contract');
const { definePage } = require('../../../lib/page');
const { ask } = require('../lib/desk');
const { listing } = require('../lib/listing');
const memory = require('../lib/memory');
const ways = require('../lib/ways');

definePage({
  ...listing,
  data: { items: [], cursor: null, more: '', provided: false },
  refreshOnShow: true,

  async load() {
    const [number, provided] = await Promise.all([this.fetchList(), isProvided()]);
    this.setData({ provided });
    return number ? 'ready' : 'empty';
  },

  /** @param {string | null} cursor */
  askPage: (cursor) => ask({ path: endpoint('calls'), data: cursor ? { cursor } : {} }),

  /** @param {any} item */
  lineOf: (item) => ({
    ...item,
    title: item.summary || `${item.category_label}（还没有写摘要）`,
    closed: `${item.closed_text} 办结${item.outcome_label ? `：${item.outcome_label}` : ''}`,
    who: [item.org_name, item.name || '没有留姓名'].filter(Boolean).join('，'),
  }),

  /** @param {any} event */
  call({ currentTarget }) {
    wx.makePhoneCall({ phoneNumber: currentTarget.dataset.phone });
  },

  /** @param {any} event */
  report({ currentTarget }) {
    ways.open('act', { number: currentTarget.dataset.number, action: 'follow_up' });
  },

  /** @param {any} event */
  open({ currentTarget }) {
    ways.open('inquiry', { number: currentTarget.dataset.number });
  },
});

/** 坛 knows no 回访: where it binds, the page says whose word that is. */
async function isProvided() {
  const me = await memory.me();
  const rules = await memory.rules(me.unit.id).catch(() => null);
  return Boolean(rules && rules.measure.id === 'tan');
}
