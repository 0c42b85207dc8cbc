/** A day and a time, Beijing time. `change` tells ISO 8601 with +08:00 once both are chosen, '' before. */
Component({
  properties: {
    name: { type: String, value: '' },
    label: { type: String, value: '' },
    hint: { type: String, value: '' },
    error: { type: String, value: '' },
    value: { type: String, value: '' },
    optional: { type: Boolean, value: false },
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
      const { name, day, time } = this.data;
      this.triggerEvent('change', { name, value: day && time ? `${day}T${time}:00+08:00` : '' });
    },
  },
});
