/** The follow-up survey that a message opens: its token is the right to answer, once, without signing in. */
const { endpoint } = require('../../lib/contract');
const drafts = require('../../lib/drafts');
const { filled } = require('../../lib/filing');
const { grading } = require('../../lib/grading');
const { request } = require('../../lib/http');
const links = require('../../lib/links');
const { definePage } = require('../../lib/page');

definePage({
  ...grading,
  data: { survey: null, values: {}, errors: {}, justRated: false },

  /** @param {any} query */
  onLoad(query) {
    this.token = query.token || '';
  },

  async load() {
    const { data } = await request({ path: endpoint('survey', { token: this.token }) });
    this.draftName = `survey.${data.number}`;
    this.setData({ survey: data, values: (drafts.load(this.draftName) || { values: {} }).values });
  },

  submit() {
    const { values } = this.data;
    if (!this.isChosen()) return null;
    return this.once(async () => {
      await request({ method: 'POST', path: endpoint('survey', { token: this.token }), data: filled(values) });
      drafts.clear(this.draftName);
      this.setData({ justRated: true, 'survey.state': 'answered' });
    });
  },

  /** @param {import('../../lib/problem').Trouble} problem */
  failed(problem) {
    this.showProblem(problem);
    // A first answer whose receipt was lost on the way: it is there.
    if (problem.code === 'already_rated') this.setData({ 'survey.state': 'answered', notice: '' });
  },

  follow() {
    links.open('pages/inquiry/index', { number: this.data.survey.number });
  },
});
