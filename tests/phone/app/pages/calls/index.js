const config = require('../../config');

Page({
  data: { said: '', photo: '' },
  say(found) {
    this.setData({ said: typeof found === 'string' ? found : JSON.stringify(found) });
  },
  store() {
    const kept = wx.getStorageSync('kept') || { numbers: [] };
    kept.numbers.push(kept.numbers.length + 1);
    wx.setStorageSync('kept', kept);
    kept.numbers.push('later');
    this.say({ read: wx.getStorageSync('kept'), keys: wx.getStorageInfoSync().keys, none: wx.getStorageSync('none') });
  },
  async ask() {
    this.say(await wx.showModal({ title: '确定吗', content: '想好了', confirmText: '想好了' }));
  },
  subscribe() {
    const { templates } = this.options;
    wx.requestSubscribeMessage({ tmplIds: templates.split(','), complete: (found) => this.say(found) });
  },
  subscribeLate() {
    wx.request({ url: `${config.apiBase}/api/v1/late`, complete: () => this.subscribe() });
  },
  login() {
    wx.login({ success: ({ code }) => this.say(`code ${code.length > 10}`) });
  },
  phone({ detail }) {
    this.say(detail.code ? `phone ${detail.code.length > 10}` : detail.errMsg);
  },
  send() {
    const asked = {
      url: `${config.apiBase}/api/v1/things?a=1`,
      method: 'POST',
      data: { 名: '值' },
      header: { 'Idempotency-Key': 'k'.repeat(16), 'If-Match': '"3"' },
    };
    const done = (found) => this.say(found);
    wx.request({ ...asked, success: done, fail: done });
  },
  photo() {
    wx.chooseMedia({ count: 1, mediaType: ['image'] }).then(
      ({ tempFiles: [{ tempFilePath, size }] }) => {
        this.setData({ photo: tempFilePath });
        wx.uploadFile({
          url: '/api/v1/files',
          filePath: tempFilePath,
          name: 'file',
          formData: { note: '说明' },
          complete: (found) => this.say({ ...found, size }),
        });
      },
      ({ errMsg }) => this.say(errMsg),
    );
  },
  fetch() {
    wx.downloadFile({
      url: '/api/v1/file',
      header: { 'X-Tracking-Token': 't' },
      success: ({ tempFilePath, statusCode }) =>
        wx.openDocument({
          filePath: tempFilePath,
          fileType: 'pdf',
          complete: () => this.say(`${statusCode} ${tempFilePath.endsWith('.pdf')}`),
        }),
    });
  },
  choose() {
    wx.showActionSheet({ itemList: ['甲', '乙'], complete: (found) => this.say(found) });
  },
  call() {
    wx.makePhoneCall({ phoneNumber: '12345', complete: (found) => this.say(found) });
  },
  scan() {
    wx.scanCode({ complete: ({ result, errMsg }) => this.say(result || errMsg) });
  },
  measure() {
    wx.createSelectorQuery()
      .select('.said')
      .boundingClientRect(({ width }) => this.say(`宽 ${width}`))
      .exec();
  },
});
