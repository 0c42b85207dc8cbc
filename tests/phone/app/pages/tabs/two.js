Page({
  data: { times: 0 },
  onShow() {
    this.setData({ times: this.data.times + 1 });
  },
  switch() {
    wx.switchTab({ url: '/pages/tabs/one' });
  },
  into() {
    wx.navigateTo({ url: '/pages/tabs/one', fail: ({ errMsg }) => wx.showToast({ title: errMsg, icon: 'none' }) });
  },
});
