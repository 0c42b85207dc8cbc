/**
 * One act of the office on an inquiry: the server says whether it is open, where it goes and which fields it takes; the
 * tables of lib/acts.js give the words. What is written outlives a lost network, a new version and a killed app.
 */
const { definePage } = require('../../../lib/page');
const { AT_THE_DESK, actOf } = require('../lib/acts');
const { changesOf } = require('../lib/changes');
const { ask } = require('../lib/desk');
const drafts = require('../lib/drafts');
const { bodyOf, unknownOf } = require('../lib/form');
const memory = require('../lib/memory');
const reminders = require('../lib/reminders');
const ways = require('../lib/ways');
const { writing } = require('../lib/writing');

const NOT_NOW = '这件事的状态已经变了，现在不能做这一步。';
const SENT_BEFORE = '刚才的已经提交过一次。现在写的没有提交，请看过最新情况再决定。';

definePage({
  ...writing,
  data: {
    title: '',
    eyebrow: '',
    lead: '',
    submit: '',
    quiet: false,
    fields: [],
    unknown: false,
    restored: false,
    outdated: false,
    changes: null,
    why: '',
  },

  /** @param {any} query */
  onLoad(query) {
    this.number = query.number || '';
    this.actName = query.action || '';
    this.draftName = `act.${this.number}.${this.actName}`;
  },

  async load() {
    this.act = actOf(this.actName);
    // What the person has before them: its version is the one they act upon.
    const opened = memory.heldCase(this.number) || (await memory.openCase(this.number));
    if (!this.take(opened)) return 'closed';
    await this.fetchChoices();
    this.begin();
    this.show();
    return 'ready';
  },

  /** @param {import('../lib/memory').OpenCase} opened @returns {boolean} whether the act is open */
  take({ inquiry, version }) {
    this.inquiry = inquiry;
    this.version = version;
    this.action = inquiry.actions.find((/** @type {any} */ one) => one.name === this.actName);
    const label = this.action ? this.action.label : '办理';
    const isHere = Boolean(this.action && this.act);
    this.setData({
      title: (this.act && this.act.title) || label,
      eyebrow: `${inquiry.summary || inquiry.category_label} · ${inquiry.display_number}`,
      why: this.act ? NOT_NOW : `${AT_THE_DESK}。`,
    });
    wx.setNavigationBarTitle({ title: label });
    return isHere;
  },

  async fetchChoices() {
    const needs = this.act.needs || [];
    if (needs.includes('directory')) {
      [this.units, this.me] = await Promise.all([memory.directory(), memory.me()]);
    }
    const unit = this.inquiry.holder && this.inquiry.holder.unit;
    if (needs.includes('matters') && unit) this.matters = (await memory.rules(unit.id)).matters;
  },

  show() {
    const { lead, submit, quiet = false, fixed = {} } = this.act;
    this.setData({
      lead: typeof lead === 'function' ? lead(this.context()) : lead || '',
      submit,
      quiet,
      unknown: unknownOf(this.formFields(), this.action.fields, fixed).length > 0,
    });
    this.draw();
  },

  context() {
    return { inquiry: this.inquiry, me: this.me, units: this.units, matters: this.matters };
  },

  formFields() {
    const { fields } = this.act;
    return typeof fields === 'function' ? fields(this.context()) : fields;
  },

  listed() {
    return this.action.fields;
  },

  async submit() {
    if (this.asking || this.data.busy) return;
    this.asking = true;
    // WeChat shows its question only right after the tap: nothing may be awaited before it.
    const asked = this.act.reminds ? reminders.askWhenFew() : Promise.resolve();
    const question = this.act.confirm ? this.act.confirm(this.values, this.context()) : '';
    await asked;
    const goes = !question || (await ways.sure(`${this.data.title}？`, question, '确定'));
    this.asking = false;
    if (goes) await this.once(() => this.send());
  },

  async send() {
    const { method, href } = this.action;
    const data = bodyOf(this.shownFields(), this.values, this.act.fixed);
    this.setData({ outdated: false });
    await ask({ method, path: href, data, key: this.keyToSend(), version: this.version });
    drafts.clear(this.draftName);
    memory.forgetCase();
    wx.showToast({ title: this.act.done, icon: 'none' });
    this.back();
  },

  /** @param {import('../../../lib/problem').Trouble} problem */
  async failed(problem) {
    if (problem.code === 'version_conflict') return this.catchUp(problem.detail);
    if (problem.code === 'idempotency_key_reused') return this.catchUp(SENT_BEFORE);
    this.refuse(problem);
    this.setData({ outdated: [403, 404, 409].includes(problem.status) });
    return undefined;
  },

  /**
   * Somebody else was faster: show what they did, keep the words, and send again as something new.
   * @param {string} detail
   */
  async catchUp(detail) {
    const before = this.inquiry;
    this.renewKey();
    this.setData({ notice: detail, outdated: true });
    try {
      const opened = await memory.openCase(this.number);
      const changes = changesOf(before, opened.inquiry);
      if (this.take(opened)) {
        this.show();
        this.setData({ changes });
        wx.pageScrollTo({ scrollTop: 0, duration: 0 });
      } else {
        this.setData({ state: 'closed', why: `${NOT_NOW}您写的内容没有提交。` });
      }
    } catch {
      // The words are kept; 看最新情况 loads it again.
    }
  },

  back() {
    ways.toInquiry(this.number);
  },

  toDesk: ways.toDesk,
});
