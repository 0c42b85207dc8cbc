Page({
  data: { found: '' },
  onLoad({ q }) {
    this.setData({ found: decodeURIComponent(q) });
  },
});
