const log = require('../../lib/log');

Page({
  data: {
    count: 0,
    fruits: [
      { id: 'a', name: '苹果' },
      { id: 'b', name: '梨' },
    ],
    chosen: '无',
    taps: '',
    refreshes: 0,
    lines: [],
  },
  onLoad(query) {
    log.add(`load home ${JSON.stringify(query)}`);
  },
  onShow() {
    log.add('show home');
  },
  onReady() {
    log.add('ready home');
  },
  onHide() {
    log.add('hide home');
  },
  onUnload() {
    log.add('unload home');
  },
  onPullDownRefresh() {
    this.setData({ refreshes: this.data.refreshes + 1 });
    wx.stopPullDownRefresh();
  },
  add() {
    this.setData({ count: this.data.count + 1 });
  },
  choose({ currentTarget }) {
    this.setData({ chosen: currentTarget.dataset.fruitId });
  },
  outer() {
    this.setData({ taps: `${this.data.taps}外` });
  },
  inner() {
    this.setData({ taps: `${this.data.taps}内` });
  },
  closed({ detail }) {
    this.setData({ chosen: `关了${detail.title}` });
  },
  deeper() {
    wx.navigateTo({ url: '/pages/home/index', fail: ({ errMsg }) => wx.showToast({ title: errMsg, icon: 'none' }) });
  },
  replace() {
    wx.redirectTo({ url: '/packages/extra/list/index?x=1' });
  },
  back() {
    wx.navigateBack().catch(({ errMsg }) => wx.showToast({ title: errMsg, icon: 'none' }));
  },
  log() {
    this.setData({ lines: log.lines() });
  },
});
