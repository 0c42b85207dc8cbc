Page({
  data: { x: '' },
  onLoad({ x }) {
    this.setData({ x });
  },
  home() {
    wx.reLaunch({ url: '/pages/home/index' });
  },
});
