/** How a case was closed: the answer, and with a refusal its reason, basis and remedy; with guidance, whom to go to. */
Component({
  properties: { inquiry: { type: Object, value: null } },
  data: { parts: /** @type {{name: string, text: string}[]} */ ([]) },
  observers: {
    inquiry(/** @type {any} */ inquiry) {
      const reply = (inquiry && inquiry.reply) || {};
      const parts = [
        { name: '理由', text: reply.reason },
        { name: '依据', text: reply.basis },
        { name: '救济途径，不同意可以这样做', text: reply.remedy },
        { name: '提供的帮助', text: reply.help },
      ];
      this.setData({ parts: parts.filter((part) => part.text) });
    },
  },
  methods: {
    call() {
      const { inquiry } = this.data;
      wx.makePhoneCall({ phoneNumber: /** @type {any} */ (inquiry).reply.authority.phone });
    },
  },
});
