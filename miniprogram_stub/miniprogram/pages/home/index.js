/** Where nobody arrived by a scan: scan now, type the code, or look after what was filed. */
const { LIMITS } = require('../../lib/contract');
const links = require('../../lib/links');
const { definePage } = require('../../lib/page');
const session = require('../../lib/session');

definePage({
  data: { code: '', error: '', limit: 24, isStaff: false, phoneLimit: LIMITS.phone },

  onShow() {
    this.setData({ isStaff: session.kept('staff') !== null });
  },

  /** @param {any} event */
  change({ detail }) {
    this.setData({ code: detail.value, error: '' });
  },

  scan() {
    wx.scanCode({
      scanType: ['qrCode', 'wxCode'],
      success: ({ result, path }) => this.arrive(links.signOfAddress(result) || links.scannedSign(queryOf(path))),
      fail: () => {},
    });
  },

  typed() {
    const code = links.signCode(this.data.code);
    if (!this.data.code) this.setData({ error: '请填写岗牌上的 16 位编码。' });
    else this.arrive(code);
  },

  /** @param {string} code */
  arrive(code) {
    if (code) links.open('pages/sign/index', { code });
    else this.setData({ error: '这不是本系统的岗牌。请核对编码，或向窗口工作人员核实。' });
  },

  mine: () => links.open('pages/mine/index'),
  lookup: () => links.open('pages/lookup/index'),
  settings: () => links.open('pages/settings/index'),
  staff: () => links.open('packages/staff/home/index'),
});

/**
 * The query of the page that a mini program code names, e.g. `pages/sign/index?scene=…`.
 * @param {string} [path]
 */
function queryOf(path) {
  const query = (path || '').split('?')[1] || '';
  return Object.fromEntries(query.split('&').map((part) => part.split('=')));
}
