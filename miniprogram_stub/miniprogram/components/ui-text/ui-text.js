/** Several lines of text, with how many characters are left once it gets long. */
const field = require('../../lib/field');

const NEAR = 0.8;

Component({
  behaviors: [field],
  properties: {
    value: { type: String, value: '' },
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
      this.tellValue(detail.value);
    },
  },
});
