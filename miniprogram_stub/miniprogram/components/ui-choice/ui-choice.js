/** One of a few: cards to tap. Nothing is chosen beforehand unless `value` says so. */
const field = require('../../lib/field');

Component({
  behaviors: [field],
  properties: {
    value: { type: String, value: '' },
    /** `{value, label, hint?, icon?}` */
    options: { type: Array, value: [] },
    /** column, row or faces */
    layout: { type: String, value: 'column' },
  },
  methods: {
    /** @param {any} event */
    choose({ detail }) {
      this.tellValue(detail.value);
    },
  },
});
