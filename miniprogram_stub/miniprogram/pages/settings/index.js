/** 设置: the size of words, privacy, complaints, signing out, and having everything that says who one is destroyed. */
const { endpoint } = require('../../lib/contract');
const { request } = require('../../lib/http');
const links = require('../../lib/links');
const { definePage } = require('../../lib/page');
const session = require('../../lib/session');
const settings = require('../../lib/settings');
const store = require('../../lib/store');

definePage({
  data: { isLarge: false, isSignedIn: false, kept: '' },

  onShow() {
    this.setData({ isLarge: settings.isLarge(), isSignedIn: session.kept('citizen') !== null });
  },

  /** @param {any} event */
  size({ detail }) {
    settings.setLarge(detail.value);
    settings.applyTo(this);
    this.setData({ isLarge: detail.value });
  },

  privacy: () => links.open('pages/privacy/index'),

  /** WeChat's own page of the privacy guide that this mini program has declared. */
  guide() {
    wx.openPrivacyContract({ fail: () => this.privacy() });
  },

  permissions: () => wx.openSetting({}),

  signOut() {
    return this.once(async () => {
      await request({ method: 'DELETE', path: endpoint('endSession'), as: 'citizen' });
      session.forget('citizen');
      this.setData({ isSignedIn: false });
      wx.showToast({ title: '已退出', icon: 'none' });
    });
  },

  async erase() {
    const { confirm } = await wx.showModal({
      title: '注销并删除我的数据',
      content: '会马上删除您的微信身份、姓名、电话和上传的文件，不能恢复。正在办理的事项照常办理，但不能再通过微信找到和联系您。',
      confirmText: '注销',
      cancelText: '不注销',
    });
    if (!confirm) return;
    await this.once(async () => {
      const { data } = await request({ method: 'DELETE', path: endpoint('account'), as: 'citizen' });
      store.clear();
      this.setData({ isSignedIn: false, kept: data.kept });
    });
  },

  home: () => wx.reLaunch({ url: '/pages/home/index' }),
});
