/** Several lines of text, with how many characters are left once it gets long. */
const NEAR = 0.8;

Component({
  properties: {
    name: { type: String, value: '' },
    label: { type: String, value: '' },
    hint: { type: String, value: '' },
    error: { type: String, value: '' },
    value: { type: String, value: '' },
    optional: { type: Boolean, value: false },
    /** Longest text in characters; WeChat's own default would cut at 140. */
    limit: { type: Number, value: 5000 },
    placeholder: { type: String, value: '' },
  },
  data: { left: '' },
  observers: {
    'value, limit'(/** @type {string} */ value, /** @type {number} */ limit) {
      const used = [...(value || '')].length;
      this.setData({ left: used > limit * NEAR ? `还可以写 ${limit - used} 字` : '' });
    },
  },
  methods: {
    /** @param {any} event */
    tell({ detail }) {
      this.triggerEvent('change', { name: this.data.name, value: detail.value });
    },
  },
});
