/** The mini program of 首问码: citizens in the main package, staff in packages/staff. */
const subscribing = require('./lib/subscribing');

App({
  onLaunch() {
    updateWhenReady();
  },

  onShow() {
    subscribing.tellWaiting();
  },

  /** An address of an earlier version, on a printed page or in an old message. */
  onPageNotFound() {
    wx.redirectTo({ url: '/pages/home/index' });
  },
});

/** A new version takes over when the person agrees: a form may be half written. */
function updateWhenReady() {
  if (!wx.getUpdateManager) return;
  const manager = wx.getUpdateManager();
  manager.onUpdateReady(() => {
    wx.showModal({
      title: '有新版本',
      content: '现在更新吗？您写了一半的内容会留着。',
      confirmText: '更新',
      cancelText: '以后',
      success: ({ confirm }) => confirm && manager.applyUpdate(),
    });
  });
}
