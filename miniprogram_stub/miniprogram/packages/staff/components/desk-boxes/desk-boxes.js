/** The boxes with their counts; `choose` tells `{name}`. */
Component({
  properties: {
    boxes: { type: Array, value: [] },
    current: { type: String, value: '' },
  },
  methods: {
    /** @param {any} event */
    choose({ currentTarget }) {
      this.triggerEvent('choose', { name: currentTarget.dataset.name });
    },
  },
});
