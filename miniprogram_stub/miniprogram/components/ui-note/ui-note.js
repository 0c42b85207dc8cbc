/** A remark: an icon and a sentence. `tone` colours it where it matters; the icon and the words say the same. */
Component({
  options: { virtualHost: true },
  properties: {
    icon: { type: String, value: 'info' },
    tone: { type: String, value: 'plain' },
    text: { type: String, value: '' },
    /** Read out as soon as it appears. */
    alert: { type: Boolean, value: false },
  },
});
