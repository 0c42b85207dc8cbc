/** The form: what it is about, in the person's own words; a name and a phone only if they like. */
const { ENUMS, FILES, LIMITS, endpoint } = require('../../lib/contract');
const drafts = require('../../lib/drafts');
const filing = require('../../lib/filing');
const { request } = require('../../lib/http');
const links = require('../../lib/links');
const { definePage } = require('../../lib/page');
const { fieldErrors } = require('../../lib/problem');
const { CATEGORY_HINTS, CATEGORY_ICONS } = require('../../lib/words');

const CATEGORIES = ENUMS.category.map((word) => ({
  ...word,
  hint: CATEGORY_HINTS[/** @type {keyof typeof CATEGORY_HINTS} */ (word.value)],
  icon: CATEGORY_ICONS[/** @type {keyof typeof CATEGORY_ICONS} */ (word.value)],
}));
const KIND_HINTS = { person: '为自己的事', company: '公司等', organisation: '合伙、社团等' };
const KINDS = ENUMS.citizen_kind.map((word) => ({
  ...word,
  hint: KIND_HINTS[/** @type {keyof typeof KIND_HINTS} */ (word.value)],
}));
const FIELDS = { 'about.kind': 'about_kind', 'about.name': 'about_name', 'contact.name': 'name', 'contact.org_name': 'org_name', 'contact.phone': 'phone' };

definePage({
  data: {
    sign: null,
    values: { kind: 'person' },
    errors: {},
    files: [],
    restored: false,
    duplicate: false,
    categories: CATEGORIES,
    kinds: KINDS,
    abouts: ENUMS.about_kind,
    limits: LIMITS,
    mostFiles: FILES.atFiling,
  },

  /** @param {any} query */
  onLoad(query) {
    this.code = links.signCode(query.sign || '');
    this.draftName = `new.${this.code}`;
    const draft = drafts.load(this.draftName);
    // Agreeing is done each time: it says that the notice was seen now.
    if (draft) this.setData({ values: { ...draft.values, agreed: false }, restored: true });
  },

  async load() {
    const { data } = await request({ path: endpoint('sign', { code: this.code }) });
    const abouts = ENUMS.about_kind.filter(({ value }) => data.section || value !== 'section');
    this.setData({ sign: data, abouts });
  },

  /** @param {any} event */
  change({ detail }) {
    const { name, value } = detail;
    if (name === 'files') {
      this.setData({ files: value });
      return;
    }
    const values = { ...this.data.values, [name]: value };
    this.setData({ values, [`errors.${name}`]: '', duplicate: false });
    this.save(values);
  },

  /** @param {any} values */
  save(values) {
    const { agreed: _agreed, duplicate_ok: _ok, ...kept } = values;
    // Changed words are another matter: they go by a key of their own.
    if (this.sent && this.sent !== JSON.stringify(kept)) {
      drafts.clear(this.draftName);
      this.sent = '';
    }
    drafts.save(this.draftName, kept);
  },

  discard() {
    drafts.clear(this.draftName);
    this.setData({ values: { kind: 'person' }, files: [], errors: {}, restored: false });
  },

  /** WeChat's own phone button: never needed, the number can be typed as well. @param {any} event */
  async phone({ detail }) {
    if (!detail.code) {
      this.setData({ 'errors.phone': detail.errno === 1400001 ? '微信手机号暂时用不了，请直接填写。' : '' });
      return;
    }
    await this.once(async () => {
      const { data } = await request({ method: 'POST', path: endpoint('phoneNumber'), data: { code: detail.code }, as: 'citizen' });
      this.change({ detail: { name: 'phone', value: data.phone } });
    });
  },

  privacy: () => links.open('pages/privacy/index'),

  submit() {
    const errors = filing.missing(this.data.values);
    const count = Object.keys(errors).length;
    this.setData({ errors, notice: count ? `还有 ${count} 处要填，见下面红字的地方。` : '' });
    if (count) {
      this.toTop();
      return;
    }
    this.send();
  },

  again() {
    this.setData({ 'values.duplicate_ok': true });
    this.send();
  },

  send() {
    return this.once(async () => {
      const { values, files } = this.data;
      const { agreed: _agreed, duplicate_ok: _ok, ...kept } = values;
      const key = drafts.save(this.draftName, kept);
      this.sent = JSON.stringify(kept);
      const draft = drafts.load(this.draftName) || {};
      const body = filing.bodyOf(values, { sign: this.code });
      const filed = await filing.file(body, key, draft, (as) => drafts.save(this.draftName, kept, key, as));
      drafts.clear(this.draftName);
      const failed = await filing.sendFiles(filed.number, files);
      links.replace('pages/inquiry/index', { number: filed.number, filed: 1, failed: failed.length || '' });
    });
  },

  /** @param {import('../../lib/problem').Trouble} problem */
  failed(problem) {
    const errors = Object.fromEntries(
      Object.entries(fieldErrors(problem)).map(([name, text]) => [FIELDS[/** @type {keyof typeof FIELDS} */ (name)] || name, text]),
    );
    this.setData({ errors, notice: problem.detail, duplicate: problem.code === 'possible_duplicate' });
    this.toTop();
  },

  toTop: () => wx.pageScrollTo({ scrollTop: 0, duration: 0 }),
});
