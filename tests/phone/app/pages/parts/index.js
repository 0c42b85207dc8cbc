Page({
  data: {
    html: '<p style="color: rgb(7, 7, 7)">段<b onclick="alert(1)">落</b></p><script>document.title = "x"</script>',
    said: '',
  },
  say(what) {
    this.setData({ said: `${this.data.said} ${what}` });
  },
  lower() {
    this.say('到底');
  },
  broken() {
    this.say('坏图');
  },
  loaded({ detail }) {
    this.say(`好图${detail.width}`);
  },
  go() {
    wx.pageScrollTo({ selector: '#place', duration: 0 });
  },
});
