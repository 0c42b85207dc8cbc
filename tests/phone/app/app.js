const log = require('./lib/log');

App({
  globalData: { launches: 0 },
  onLaunch({ path, query }) {
    log.add(`launch ${path} ${JSON.stringify(query)}`);
  },
  onShow() {
    log.add('show');
  },
  onHide() {
    log.add('hide');
  },
  onPageNotFound({ path }) {
    log.add(`missing ${path}`);
    wx.redirectTo({ url: '/pages/home/index' });
  },
});
