/** The staff's first page: binding once, then who I am, the boxes of the day, one of them as a list, and the rest. */
const { LIMITS, endpoint } = require('../../../lib/contract');
const { definePage, shown } = require('../../../lib/page');
const { asProblem, fieldErrors } = require('../../../lib/problem');
const settings = require('../../../lib/settings');
const subscribing = require('../../../lib/subscribing');
const { boxesOf, emptyWords, firstBox, labelOf, lineOf } = require('../lib/boxes');
const desk = require('../lib/desk');
const leaving = require('../lib/leaving');
const { listing } = require('../lib/listing');
const memory = require('../lib/memory');
const { personOf } = require('../lib/people');
const reminders = require('../lib/reminders');
const ways = require('../lib/ways');

const AT_THE_CODE = ['binding_code_wrong', 'wechat_already_bound', 'staff_already_bound', 'rate_limited'];
const TOLD = {
  accepted: '好的，又多收一条。',
  refused: '没有打开提醒，办件都在这一页上。',
  unavailable: '微信现在不能设置提醒，办件都在这一页上。',
};

definePage({
  ...listing,
  data: {
    code: '',
    codeError: '',
    person: null,
    provided: false,
    boxes: [],
    box: '',
    boxLabel: '',
    emptyText: '',
    listState: 'loading',
    listProblem: null,
    items: [],
    cursor: null,
    more: '',
    reminders: [],
    told: '',
    isLarge: false,
  },
  refreshOnShow: true,
  lineOf,

  onShow() {
    this.setData({ isLarge: settings.isLarge() });
  },

  async load() {
    if (desk.hasLeft()) return 'left';
    try {
      const me = await memory.freshMe();
      leaving.settleOwner(me.id);
      this.drawPerson(me);
    } catch (error) {
      if (asProblem(error).code === 'not_bound') return 'bind';
      throw error;
    }
    if (this.data.person.deskOnly) return 'ready';
    await Promise.all([this.fetchBox(), this.countReminders(), this.learnMeasure()]);
    return 'ready';
  },

  /** @param {any} me */
  drawPerson(me) {
    const box = this.data.box || firstBox(me.counts);
    const boxes = boxesOf(me.counts);
    this.setData({ person: personOf(me), boxes, box, boxLabel: labelOf(box), emptyText: emptyWords(box) });
  },

  /** @param {string | null} cursor */
  askPage(cursor) {
    const data = cursor ? { box: this.data.box, cursor } : { box: this.data.box };
    return desk.ask({ path: endpoint('staffInquiries'), data });
  },

  /** The list has its own states: the boxes above it stay. */
  async fetchBox() {
    const { box } = this.data;
    const stillWanted = () => this.data.box === box;
    try {
      const number = await this.fetchList(stillWanted);
      if (stillWanted()) this.setData({ listState: number ? 'ready' : 'empty', listProblem: null });
    } catch (error) {
      if (stillWanted()) this.setData({ listState: 'error', listProblem: shown(error) });
    }
  },

  /** @param {any} event */
  chooseBox({ detail }) {
    const { name } = detail;
    this.setData({ box: name, boxLabel: labelOf(name), emptyText: emptyWords(name), listState: 'loading', items: [], cursor: null, more: '' });
    return this.fetchBox();
  },

  retryList() {
    this.setData({ listState: 'loading' });
    return this.fetchBox();
  },

  async countReminders() {
    try {
      await reminders.load();
    } catch {
      // The list of work is what matters; without the numbers nothing is shown of them.
    }
    this.setData({ reminders: reminders.shown() });
  },

  /** 坛 knows no 首问责任岗: where it binds, the page says whose word that is. */
  async learnMeasure() {
    if (!this.data.person.posts) return;
    const me = await memory.me();
    const rules = await memory.rules(me.unit.id).catch(() => null);
    this.setData({ provided: Boolean(rules && rules.measure.id === 'tan') });
  },

  /** @param {any} event */
  openJob({ detail }) {
    ways.open('inquiry', { number: detail.number });
  },

  /** @param {any} event */
  go({ currentTarget }) {
    ways.open(currentTarget.dataset.page);
  },

  /** @param {any} event */
  writeCode({ detail }) {
    this.setData({ code: detail.value, codeError: '' });
  },

  bindWechat() {
    const code = this.data.code.trim();
    if (!code) return this.setData({ codeError: '请填写绑定码。' });
    return this.once(async () => {
      await desk.enter(code.slice(0, LIMITS.binding_code));
      this.setData({ code: '' });
      await this.reload();
    });
  },

  signIn() {
    return this.once(async () => {
      await desk.enter();
      await this.reload();
    });
  },

  /** @param {import('../../../lib/problem').Trouble} problem */
  failed(problem) {
    if (problem.code === 'not_bound') {
      desk.unbound();
      this.setData({ state: 'bind', notice: '' });
      return;
    }
    const atCode = AT_THE_CODE.includes(problem.code) ? problem.detail : fieldErrors(problem).binding_code || '';
    this.setData(this.data.state === 'bind' && atCode ? { codeError: atCode } : { notice: problem.detail });
  },

  /** One tap, one message more of each kind. */
  async askMore() {
    const answer = await reminders.askFor();
    await subscribing.tellWaiting();
    await this.countReminders();
    this.setData({ told: TOLD[answer] });
  },

  /** @param {any} event */
  size({ detail }) {
    settings.setLarge(detail.value);
    settings.applyTo(this);
    this.setData({ isLarge: detail.value });
  },

  signOut() {
    return this.once(async () => {
      await leaving.signOut();
      this.forgetAll('left');
    });
  },

  async unbind() {
    const content = '解除以后，这个微信不能再办件，也收不到提醒。要再用，需要到电脑工作台重新取绑定码。';
    if (!(await ways.sure('解除绑定？', content, '解除'))) return;
    await this.once(async () => {
      await leaving.unbind();
      this.forgetAll('bind');
    });
  },

  /** @param {string} state */
  forgetAll(state) {
    this.setData({ state, person: null, boxes: [], box: '', items: [], cursor: null, reminders: [], told: '' });
  },

  toCitizen: () => wx.reLaunch({ url: '/pages/home/index' }),
});
