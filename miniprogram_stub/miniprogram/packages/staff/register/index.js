/** 登记来电、来访、来信、局长信箱、政务热线: one form, closed in the same step where it ended on the spot. */
const { endpoint } = require('../../../lib/contract');
const { definePage } = require('../../../lib/page');
const { ask } = require('../lib/desk');
const drafts = require('../lib/drafts');
const memory = require('../lib/memory');
const { FIELDS, registrationOf, slipOf } = require('../lib/registration');
const ways = require('../lib/ways');
const { writing } = require('../lib/writing');

const SENT_BEFORE = '刚才的已经登记了一件。现在写的没有登记；确实要另外登记，请核对后再提交一次。';

definePage({
  ...writing,
  data: { fields: [], restored: false, closes: false, slip: null, isLate: false, canOpen: false },

  onLoad() {
    this.draftName = 'register';
    this.begin();
    this.draw();
  },

  formFields: () => FIELDS,
  listed: () => null,
  context: () => ({ inquiry: null }),

  draw() {
    writing.draw.call(this);
    this.setData({ closes: Boolean(this.values['closing.outcome']) });
  },

  submit() {
    return this.once(async () => {
      const data = registrationOf(this.shownFields(), this.values);
      const { data: made } = await ask({ method: 'POST', path: endpoint('staffInquiries'), data, key: this.keyToSend() });
      drafts.clear(this.draftName);
      this.setData({ slip: slipOf(made, this.values), isLate: false, canOpen: false });
      wx.pageScrollTo({ scrollTop: 0, duration: 0 });
      await this.lookAtIt(made.number);
    });
  },

  /** Whether it is a late entry, and whether it stays in sight, only the inquiry itself tells. @param {string} number */
  async lookAtIt(number) {
    try {
      const { inquiry } = await memory.openCase(number);
      this.setData({ isLate: inquiry.late_entry, canOpen: true });
    } catch {
      // A complaint goes on to others at once; the number is all that stays here.
    }
  },

  /** @param {import('../../../lib/problem').Trouble} problem */
  failed(problem) {
    if (problem.code === 'idempotency_key_reused') {
      this.renewKey();
      this.setData({ notice: SENT_BEFORE });
      return;
    }
    this.refuse(problem);
  },

  another() {
    this.begin();
    this.draw();
    this.setData({ slip: null, restored: false, notice: '' });
    wx.pageScrollTo({ scrollTop: 0, duration: 0 });
  },

  open() {
    ways.open('inquiry', { number: this.data.slip.number });
  },

  toDesk: ways.toDesk,
});
