/** One act of a citizen on an inquiry that needs words or files: the server says which are open and where they go. */
const { actionsByName } = require('../../lib/case');
const { FILES, LIMITS, endpoint } = require('../../lib/contract');
const drafts = require('../../lib/drafts');
const { sendFiles } = require('../../lib/filing');
const { request } = require('../../lib/http');
const links = require('../../lib/links');
const { definePage } = require('../../lib/page');
const { Problem, fieldErrors } = require('../../lib/problem');
const subscribing = require('../../lib/subscribing');
const tracking = require('../../lib/tracking');

const FORMS = {
  supplement: { title: '补充说明', field: 'text', label: '要补充的内容', hint: '最多 5,000 字，办理人会马上看到', button: '提交补充', done: '已收到您的补充' },
  attach: { title: '补交照片或 PDF', label: '照片或 PDF', hint: '每个不超过 10 MB，一件事项一共 6 个。照片里的拍摄地点等信息会先去掉再保存。', button: '上传', done: '已经上传' },
  remind: { title: '催一催', field: 'text', label: '想说几句', optional: true, note: '办理人和科室负责人会马上收到。每天可以催一次。', button: '催一催', done: '办理人会马上收到' },
  reopen: { title: '要求重新办理', field: 'reason', label: '哪里没有解决', hint: '写清楚哪里没有解决，由上次的承办人重新办理', button: '要求重新办理', done: '已经重新打开' },
  withdraw: { title: '撤回', field: 'reason', label: '撤回的原因', optional: true, note: '撤回后就不再办理。以后需要，可以重新提交。', button: '确认撤回', quiet: true, done: '已经撤回' },
};
const AWAITING = '提交以后不再等您，办理继续，请一次交齐。';

definePage({
  data: { form: null, value: '', errors: {}, files: [], most: FILES.most, limit: LIMITS.text, restored: false },

  /** @param {any} query */
  onLoad(query) {
    this.number = query.number || '';
    this.action = query.action || '';
    this.draftName = `act.${this.number}.${this.action}`;
    const form = FORMS[/** @type {keyof typeof FORMS} */ (this.action)] || null;
    const draft = drafts.load(this.draftName);
    if (form) wx.setNavigationBarTitle({ title: form.title });
    this.setData({ form, value: draft ? draft.values.value : '', restored: draft !== null });
  },

  async load() {
    this.speaker = tracking.speakerOf(this.number);
    const { data } = await request({ path: endpoint('inquiry', { number: this.number }), as: this.speaker });
    this.open = actionsByName(data.actions)[this.action];
    if (!this.open || !this.data.form) throw new Problem({ code: 'illegal_transition', title: '现在不能这样做', detail: '这件事的状态已经变了，请返回查看可以做什么。' });
    const isAwaited = data.status === 'awaiting_citizen' && ['supplement', 'attach'].includes(this.action);
    this.setData({ most: FILES.most - data.attachments.length, 'form.note': isAwaited ? AWAITING : this.data.form.note || '' });
  },

  /** @param {any} event */
  change({ detail }) {
    this.setData({ value: detail.value, errors: {} });
    drafts.save(this.draftName, { value: detail.value });
  },

  /** @param {any} event */
  choose({ detail }) {
    this.setData({ files: detail.value, errors: {} });
  },

  submit() {
    const asked = subscribing.ask('citizen', this.action === 'withdraw' ? [] : ['progress', 'documents', 'result']);
    const { form, value, files } = this.data;
    if (!form.field && !files.length) return this.setData({ errors: { files: '请先选照片或文件。' } });
    if (form.field && !form.optional && !value.trim()) return this.setData({ errors: { value: '请填写这一项。' } });
    return asked.then(() => this.once(() => (form.field ? this.send() : this.sendFiles())));
  },

  async send() {
    const { form, value } = this.data;
    const key = drafts.save(this.draftName, { value });
    const data = value.trim() ? { [form.field]: value } : {};
    await request({ method: this.open.method, path: this.open.href, data, as: this.speaker, key });
    this.finish();
  },

  async sendFiles() {
    const failed = await sendFiles(this.number, this.data.files);
    if (!failed.length) return this.finish();
    const names = failed.map((one) => one.name);
    this.setData({
      files: this.data.files.filter((/** @type {any} */ file) => names.includes(file.name)),
      errors: { files: failed.map((one) => `${one.name}：${one.detail}`).join('\n') },
    });
  },

  finish() {
    drafts.clear(this.draftName);
    wx.showToast({ title: this.data.form.done, icon: 'none' });
    links.back();
  },

  /** @param {import('../../lib/problem').Trouble} problem */
  failed(problem) {
    const [wrong] = Object.values(fieldErrors(problem));
    this.setData({ errors: { value: wrong || '' }, notice: wrong ? '' : problem.detail });
    // The key was for these words and is spent on others: the next try is a new one.
    if (problem.code === 'idempotency_key_reused') drafts.clear(this.draftName);
  },
});
