/**
 * What the pages with a form have in common: what is written is kept at every keystroke, only what is shown is sent, and
 * a refusal stands at its fields. A page gives `draftName`, `formFields()`, `listed()` and `context()`.
 */
const drafts = require('./drafts');
const form = require('./form');

const TYPED = ['line', 'text', 'number', 'lines', 'task'];

/** @type {Record<string, any> & ThisType<any>} */
const writing = {
  /** Begin with what was written before, if anything was. */
  begin() {
    const draft = drafts.load(this.draftName);
    this.values = { ...form.firstValues(this.formFields(), this.context()), ...(draft ? draft.values : {}) };
    this.errors = {};
    this.sent = '';
    this.setData({ restored: draft !== null && this.formFields().length > 0 });
  },

  /** @returns {import('./acts').Field[]} the fields that are shown now */
  shownFields() {
    return form.shownOf(this.formFields(), this.listed(), this.values, this.context());
  },

  draw() {
    this.setData({ fields: form.drawn(this.shownFields(), this.values, this.errors, this.context()) });
  },

  /** @param {any} event */
  change({ detail }) {
    const { name, value } = detail;
    this.values = { ...this.values, [name]: value };
    delete this.errors[name];
    this.keep();
    const index = this.data.fields.findIndex((/** @type {any} */ field) => field.name === name);
    const field = this.data.fields[index];
    // Other fields hang on a choice, and on whether something stands in a field; not on its further letters.
    if (field && TYPED.includes(field.kind) && Boolean(field.value) === Boolean(value)) {
      this.setData({ [`fields[${index}].value`]: value, [`fields[${index}].error`]: '', notice: '' });
    } else {
      this.setData({ notice: '' });
      this.draw();
    }
  },

  /** Words changed after they went out are another matter: they go by a key of their own. */
  keep() {
    if (this.sent && this.sent !== JSON.stringify(this.values)) {
      drafts.renew(this.draftName, this.values);
      this.sent = '';
    } else {
      drafts.save(this.draftName, this.values);
    }
  },

  /** @returns {string} the key to send it by */
  keyToSend() {
    const key = drafts.save(this.draftName, this.values);
    this.sent = JSON.stringify(this.values);
    return key;
  },

  discard() {
    drafts.clear(this.draftName);
    this.begin();
    this.setData({ notice: '', restored: false });
    this.draw();
  },

  /** @param {import('../../../lib/problem').Trouble} problem */
  refuse(problem) {
    const shown = this.shownFields();
    const found = form.errorsOf(problem, shown);
    this.errors = found.errors;
    this.draw();
    this.setData({ notice: form.noticeOf(problem, shown, found) });
  },

  /** The same words go once more, as something new. */
  renewKey() {
    drafts.renew(this.draftName, this.values);
    this.sent = '';
  },
};

module.exports = { writing };
