/** What every control of a form has: its name, what is written above it, what is wrong with it. */
module.exports = Behavior({
  properties: {
    name: { type: String, value: '' },
    label: { type: String, value: '' },
    hint: { type: String, value: '' },
    error: { type: String, value: '' },
    optional: { type: Boolean, value: false },
  },
  methods: {
    /** Tell the page: `change` with `{name, value}`. @param {any} value */
    tellValue(value) {
      this.triggerEvent('change', { name: this.data.name, value });
    },
  },
});
