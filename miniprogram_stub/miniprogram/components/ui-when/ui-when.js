/** A day and a time, Beijing time. `change` tells ISO 8601 with +08:00 once both are chosen, '' before. */
const field = require('../../lib/field');

Component({
  behaviors: [field],
  properties: {
    value: { type: String, value: '' },
  },
  data: { day: '', time: '' },
  observers: {
    value(/** @type {string} */ value) {
      if (value) this.setData({ day: value.slice(0, 10), time: value.slice(11, 16) });
    },
  },
  methods: {
    /** @param {any} event */
    chooseDay({ detail }) {
      this.setData({ day: detail.value });
      this.tell();
    },
    /** @param {any} event */
    chooseTime({ detail }) {
      this.setData({ time: detail.value });
      this.tell();
    },
    tell() {
      const { day, time } = this.data;
      this.tellValue(day && time ? `${day}T${time}:00+08:00` : '');
    },
  },
});
