/** A box to tick; never ticked beforehand. */
const field = require('../../lib/field');

Component({
  behaviors: [field],
  properties: {
    checked: { type: Boolean, value: false },
  },
  methods: {
    /** @param {any} event */
    turn({ detail }) {
      this.tellValue(detail.value.length > 0);
    },
  },
});
