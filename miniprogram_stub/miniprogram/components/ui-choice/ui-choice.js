/** One of a few: cards to tap. Nothing is chosen beforehand unless `value` says so. */
Component({
  properties: {
    name: { type: String, value: '' },
    label: { type: String, value: '' },
    hint: { type: String, value: '' },
    error: { type: String, value: '' },
    value: { type: String, value: '' },
    optional: { type: Boolean, value: false },
    /** `{value, label, hint?, icon?}` */
    options: { type: Array, value: [] },
    /** column, row or faces */
    layout: { type: String, value: 'column' },
  },
  methods: {
    /** @param {any} event */
    choose({ detail }) {
      this.triggerEvent('change', { name: this.data.name, value: detail.value });
    },
  },
});
