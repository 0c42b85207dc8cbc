/** Arrival from a sign: `q` of an ordinary-link scan, `scene` of a mini program code, or `code` typed by hand. */
const { endpoint } = require('../../lib/contract');
const { request } = require('../../lib/http');
const links = require('../../lib/links');
const { definePage } = require('../../lib/page');
const { Problem } = require('../../lib/problem');

const NO_SIGN = {
  code: 'sign_unknown',
  title: '不是本系统的岗牌',
  detail: '请核对岗牌上的编码，或向窗口工作人员核实。',
};

definePage({
  data: { sign: null, place: '', successor: '' },

  /** @param {any} query */
  onLoad(query) {
    this.code = links.scannedSign(query);
  },

  async load() {
    if (!this.code) throw new Problem(NO_SIGN);
    try {
      const { data } = await request({ path: endpoint('sign', { code: this.code }) });
      this.setData({ sign: data, place: data.section ? data.section.name : data.unit.name, successor: '' });
      return 'ready';
    } catch (error) {
      const successor = links.signOfAddress(/** @type {any} */ (error).successorUrl || '');
      this.setData({ successor });
      throw error;
    }
  },

  ask() {
    links.open('pages/new/index', { sign: this.code });
  },

  follow: () => links.open('pages/lookup/index'),

  complain() {
    wx.makePhoneCall({ phoneNumber: this.data.sign.complaint_phone });
  },

  moved() {
    links.replace('pages/sign/index', { code: this.data.successor });
  },

  home: () => wx.reLaunch({ url: '/pages/home/index' }),
});
