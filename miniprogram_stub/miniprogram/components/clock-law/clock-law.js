/** By which clause a limit runs: its citation, the law's own words at a tap, readings of ours labelled, 怎么算的. */
Component({
  properties: {
    clock: { type: Object, value: null },
    number: { type: String, value: '' },
    as: { type: String, value: 'citizen' },
  },
  data: { open: false },
  methods: {
    turn() {
      this.setData({ open: !this.data.open });
    },
    explain() {
      const { clock, number, as } = this.data;
      wx.navigateTo({ url: `/pages/clock/index?number=${number}&clock=${/** @type {any} */ (clock).id}&as=${as}` });
    },
  },
});
