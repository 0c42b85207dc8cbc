/** 绑定微信, the first time: a code from the desk, and where to get it. */
const { LIMITS } = require('../../../../lib/contract');

Component({
  properties: {
    code: { type: String, value: '' },
    error: { type: String, value: '' },
    notice: { type: String, value: '' },
    busy: { type: Boolean, value: false },
  },
  data: { limit: LIMITS.binding_code },
  methods: {
    /** @param {any} event */
    change({ detail }) {
      this.triggerEvent('change', detail);
    },
    bind() {
      this.triggerEvent('bind');
    },
    home() {
      this.triggerEvent('home');
    },
  },
});
