/** What the two pages with a grade share: values kept as a draft, nothing sent without a choice. */
const drafts = require('./drafts');
const { fieldErrors } = require('./problem');

/** @type {any} */
const grading = {
  /** @param {any} event */
  changeValue({ detail }) {
    const values = { ...this.data.values, [detail.name]: detail.value };
    this.setData({ values, errors: {} });
    drafts.save(this.draftName, values);
  },

  /** @returns {boolean} whether a grade is chosen; where not, the page says so */
  isChosen() {
    if (this.data.values.grade) return true;
    this.setData({ errors: { grade: '请选择满意、一般或者不满意。' } });
    return false;
  },

  /** @param {import('./problem').Trouble} problem */
  showProblem(problem) {
    const errors = fieldErrors(problem);
    this.setData({ errors, notice: Object.keys(errors).length ? '' : problem.detail });
  },
};

module.exports = { grading };
