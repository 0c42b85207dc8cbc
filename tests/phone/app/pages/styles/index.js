Page({
  data: { wide: 'width: 75rpx' },
  onReachBottom() {
    wx.showToast({ title: '到底了', icon: 'none' });
  },
});
