/** What the citizen said, sent and left: the words, the files, how to reach them. */
Component({
  properties: { inquiry: { type: Object, value: null } },
  data: { contact: '', phone: '' },
  observers: {
    inquiry(/** @type {any} */ inquiry) {
      const contact = inquiry && inquiry.contact;
      this.setData({ contact: contactText(contact), phone: (contact && !contact.erased && contact.phone) || '' });
    },
  },
  methods: {
    call() {
      wx.makePhoneCall({ phoneNumber: this.data.phone });
    },
  },
});

/** @param {any} contact */
function contactText(contact) {
  if (!contact) return '没有留';
  if (contact.erased) return '已按本人要求删除';
  return [contact.org_name, contact.name || contact.masked || '没有留姓名'].filter(Boolean).join('，');
}
