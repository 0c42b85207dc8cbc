/** One inquiry: what happens now, who has it, until when, by which clause; then what happened; then the rest. */
const { actionsByName, headOf, ratingOf, timelineOf } = require('../../lib/case');
const { endpoint } = require('../../lib/contract');
const { request } = require('../../lib/http');
const { newKey } = require('../../lib/keys');
const links = require('../../lib/links');
const { definePage } = require('../../lib/page');
const subscribing = require('../../lib/subscribing');
const tracking = require('../../lib/tracking');

const MESSAGES = ['progress', 'documents', 'result'];
/** Acts with a page of their own, in the order they are shown, with what the row says. */
const ROWS = {
  remind: { icon: 'clock', label: '催一催' },
  supplement: { icon: 'plus', label: '补充说明' },
  attach: { icon: 'clip', label: '补交照片或 PDF' },
  reopen: { icon: 'reopen', label: '问题没有解决，要求重新办理' },
  withdraw: { icon: 'return', label: '不办了，撤回' },
};

definePage({
  data: { inquiry: null, head: null, entries: [], rows: [], can: {}, rating: null, speaker: 'citizen', justFiled: false, failed: 0, told: '' },
  refreshOnShow: true,

  /** @param {any} query */
  onLoad(query) {
    this.number = query.number || '';
    this.setData({ justFiled: query.filed === '1', failedFiles: Number(query.failed || 0) });
  },

  async load() {
    const speaker = tracking.speakerOf(this.number);
    const { data } = await request({ path: endpoint('inquiry', { number: this.number }), as: speaker });
    const can = actionsByName(data.actions);
    const rows = Object.entries(ROWS)
      .filter(([name]) => can[name])
      .map(([name, row]) => ({ name, ...row }));
    this.setData({
      inquiry: data,
      head: headOf(data, 'citizen'),
      entries: timelineOf(data.timeline),
      rating: ratingOf(data.rating),
      rows,
      can,
      speaker,
    });
  },

  /** @param {any} event */
  act({ currentTarget }) {
    links.open('pages/act/index', { number: this.number, action: currentTarget.dataset.name });
  },

  supply() {
    links.open('pages/act/index', { number: this.number, action: this.data.can.attach ? 'attach' : 'supplement' });
  },

  rate() {
    links.open('pages/rate/index', { number: this.number });
  },

  receive() {
    const { href } = this.data.can.receive_notice;
    this.receiptKey = this.receiptKey || newKey();
    return this.once(async () => {
      await request({ method: 'POST', path: href, data: {}, as: this.data.speaker, key: this.receiptKey });
      await this.reload({ quietly: true });
    });
  },

  /** One tap, one message more of each kind. */
  async tellMe() {
    const answer = await subscribing.ask('citizen', MESSAGES);
    const words = { accepted: '好的，有进展会在微信里通知您一次。', refused: '没有打开通知，进展都在这一页上。', unavailable: '微信现在不能设置通知，进展都在这一页上。' };
    this.setData({ told: words[answer] });
  },

  copy() {
    wx.setClipboardData({ data: this.data.inquiry.display_number });
  },

  lookup: () => links.open('pages/lookup/index'),
  home: () => wx.reLaunch({ url: '/pages/home/index' }),
});
