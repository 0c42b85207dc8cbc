/** The follow-up survey that a message opens: its token is the right to answer, once, without signing in. */
const { endpoint } = require('../../lib/contract');
const drafts = require('../../lib/drafts');
const { filled } = require('../../lib/filing');
const { request } = require('../../lib/http');
const links = require('../../lib/links');
const { definePage } = require('../../lib/page');
const { fieldErrors } = require('../../lib/problem');

definePage({
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

  /** @param {any} event */
  changeValue({ detail }) {
    const values = { ...this.data.values, [detail.name]: detail.value };
    this.setData({ values, errors: {} });
    drafts.save(this.draftName, values);
  },

  submit() {
    const { values } = this.data;
    if (!values.grade) return this.setData({ errors: { grade: '请选择满意、一般或者不满意。' } });
    return this.once(async () => {
      await request({ method: 'POST', path: endpoint('survey', { token: this.token }), data: filled(values) });
      drafts.clear(this.draftName);
      this.setData({ justRated: true, 'survey.state': 'answered' });
    });
  },

  /** @param {import('../../lib/problem').Trouble} problem */
  failed(problem) {
    const errors = fieldErrors(problem);
    this.setData({ errors, notice: Object.keys(errors).length ? '' : problem.detail });
    // A first answer whose receipt was lost on the way: it is there.
    if (problem.code === 'already_rated') this.setData({ 'survey.state': 'answered', notice: '' });
  },

  follow() {
    links.open('pages/inquiry/index', { number: this.data.survey.number });
  },
});
