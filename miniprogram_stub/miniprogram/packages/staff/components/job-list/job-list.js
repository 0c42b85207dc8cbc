/** Lines of the work list; `open` tells `{number}`, `more` asks for the next page again. */
Component({
  properties: {
    items: { type: Array, value: [] },
    /** '', `loading`, or why the next page did not come. */
    more: { type: String, value: '' },
    cursor: { type: String, value: '' },
  },
  methods: {
    /** @param {any} event */
    open({ currentTarget }) {
      this.triggerEvent('open', { number: currentTarget.dataset.number });
    },
    again() {
      this.triggerEvent('more');
    },
  },
});
