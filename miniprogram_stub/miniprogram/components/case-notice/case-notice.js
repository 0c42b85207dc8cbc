/** 一次性告知: its four parts, whether it was received, whether a limit stands still, and for citizens what to do now. */
Component({
  properties: {
    notice: { type: Object, value: null },
    voice: { type: String, value: 'citizen' },
    /** Whether 我已收到 can be tapped. */
    receivable: { type: Boolean, value: false },
    busy: { type: Boolean, value: false },
  },
  data: { open: -1 },
  methods: {
    receive() {
      this.triggerEvent('receive');
    },
    supply() {
      this.triggerEvent('supply');
    },
    /** @param {any} event */
    turn({ currentTarget }) {
      const { index } = currentTarget.dataset;
      this.setData({ open: this.data.open === index ? -1 : index });
    },
  },
});
