/** A box to tick; never ticked beforehand. */
Component({
  properties: {
    name: { type: String, value: '' },
    label: { type: String, value: '' },
    hint: { type: String, value: '' },
    error: { type: String, value: '' },
    checked: { type: Boolean, value: false },
  },
  methods: {
    /** @param {any} event */
    turn({ detail }) {
      this.triggerEvent('change', { name: this.data.name, value: detail.value.length > 0 });
    },
  },
});
