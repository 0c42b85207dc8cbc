/** 移交 to authorities beyond the system, with 送达 and result; an open dispute and who decides it. */
const ICONS = { drafted: 'hourglass', served: 'done', cancelled: 'cross' };

Component({
  properties: {
    inquiry: { type: Object, value: null },
    voice: { type: String, value: 'citizen' },
  },
  data: { letters: /** @type {any[]} */ ([]) },
  observers: {
    'inquiry, voice'(/** @type {any} */ inquiry, /** @type {string} */ voice) {
      const all = (inquiry && inquiry.external_handoffs) || [];
      const letters = all
        .filter((/** @type {any} */ letter) => voice === 'staff' || letter.state !== 'cancelled')
        .map((/** @type {any} */ letter) => ({
          ...letter,
          icon: ICONS[/** @type {keyof typeof ICONS} */ (letter.state)],
          tone: letter.state === 'served' ? 'good' : 'plain',
        }));
      this.setData({ letters });
    },
  },
  methods: {
    /** @param {any} event */
    call({ currentTarget }) {
      wx.makePhoneCall({ phoneNumber: currentTarget.dataset.phone });
    },
  },
});
