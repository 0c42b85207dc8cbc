/** The fields of a form (`drawn` of lib/form.js), each with its control. `change` tells `{name, value}`. */
Component({
  properties: {
    fields: { type: Array, value: [] },
  },
  methods: {
    /** @param {any} event */
    tell({ detail }) {
      this.triggerEvent('change', detail);
    },
  },
});
