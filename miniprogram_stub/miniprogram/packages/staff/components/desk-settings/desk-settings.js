/** 微信提醒, the size of words, and the ways out. */
Component({
  properties: {
    /** `{key, title, text}` */
    reminders: { type: Array, value: [] },
    told: { type: String, value: '' },
    large: { type: Boolean, value: false },
    busy: { type: Boolean, value: false },
  },
  methods: {
    /** WeChat asks only right after the tap: the page hears of it in the same moment. */
    ask() {
      this.triggerEvent('ask');
    },
    /** @param {any} event */
    size({ detail }) {
      this.triggerEvent('size', { value: detail.value });
    },
    leave() {
      this.triggerEvent('leave');
    },
    unbind() {
      this.triggerEvent('unbind');
    },
    home() {
      this.triggerEvent('home');
    },
  },
});
