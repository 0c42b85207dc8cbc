/** 我的事项: what was filed from this WeChat, newest first, a page at a time. */
const { endpoint } = require('../../lib/contract');
const { request } = require('../../lib/http');
const links = require('../../lib/links');
const { definePage, shown } = require('../../lib/page');
const { CLOCKS } = require('../../lib/words');

/** @param {any} item */
const lineOf = (item) => ({
  ...item,
  mark: item.clock_state ? CLOCKS[/** @type {keyof typeof CLOCKS} */ (item.clock_state)] : null,
  status: item.outcome_label ? `${item.status_label}：${item.outcome_label}` : item.status_label,
});

definePage({
  data: { items: [], cursor: null, more: '' },
  refreshOnShow: true,

  async load() {
    const { data } = await request({ path: endpoint('inquiries'), as: 'citizen' });
    this.setData({ items: data.items.map(lineOf), cursor: data.next_cursor });
    return data.items.length ? 'ready' : 'empty';
  },

  async onReachBottom() {
    const { cursor, more } = this.data;
    if (!cursor || more === 'loading') return;
    this.setData({ more: 'loading' });
    try {
      const { data } = await request({ path: endpoint('inquiries'), data: { cursor }, as: 'citizen' });
      this.setData({ items: [...this.data.items, ...data.items.map(lineOf)], cursor: data.next_cursor, more: '' });
    } catch (error) {
      this.setData({ more: shown(error).detail });
    }
  },

  /** @param {any} event */
  open({ currentTarget }) {
    links.open('pages/inquiry/index', { number: currentTarget.dataset.number });
  },

  home: () => wx.reLaunch({ url: '/pages/home/index' }),
  lookup: () => links.open('pages/lookup/index'),
});
