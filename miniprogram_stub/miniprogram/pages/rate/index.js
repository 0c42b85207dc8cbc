/** The citizen's own grade of a closed round, or its one change. Confidential unless they say otherwise. */
const { actionsByName } = require('../../lib/case');
const { endpoint } = require('../../lib/contract');
const drafts = require('../../lib/drafts');
const { filled } = require('../../lib/filing');
const { grading } = require('../../lib/grading');
const { request } = require('../../lib/http');
const links = require('../../lib/links');
const { definePage } = require('../../lib/page');
const { Problem } = require('../../lib/problem');
const tracking = require('../../lib/tracking');

definePage({
  ...grading,
  data: { inquiry: null, values: {}, errors: {}, change: false },

  /** @param {any} query */
  onLoad(query) {
    this.number = query.number || '';
    this.draftName = `rate.${this.number}`;
    this.setData({ values: (drafts.load(this.draftName) || { values: {} }).values });
  },

  async load() {
    this.speaker = tracking.speakerOf(this.number);
    const { data } = await request({ path: endpoint('inquiry', { number: this.number }), as: this.speaker });
    const can = actionsByName(data.actions);
    this.open = can.rate || can.change_rating;
    if (!this.open) throw new Problem({ code: 'not_rateable', title: '现在不能评价', detail: '办结以后、评价期限以内可以评价一次，7 天内可以修改一次。' });
    this.setData({ inquiry: data, change: !can.rate });
  },

  submit() {
    const { values } = this.data;
    if (!this.isChosen()) return null;
    return this.once(async () => {
      const key = drafts.save(this.draftName, values);
      await request({ method: this.open.method, path: this.open.href, data: filled(values), as: this.speaker, key });
      drafts.clear(this.draftName);
      wx.showToast({ title: '谢谢您的评价', icon: 'none' });
      links.back();
    });
  },

  /** @param {import('../../lib/problem').Trouble} problem */
  failed(problem) {
    this.showProblem(problem);
    if (problem.code === 'already_rated') drafts.clear(this.draftName);
  },
});
