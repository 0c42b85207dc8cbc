/** One of many, from WeChat's wheel. `change` tells `{name, value}`; the first line means nothing chosen. */
const field = require('../../lib/field');

Component({
  behaviors: [field],
  properties: {
    value: { type: String, value: '' },
    /** `{value, label}` */
    options: { type: Array, value: [] },
    /** What the first line says. */
    none: { type: String, value: '请选择' },
  },
  data: { lines: /** @type {{value: string, label: string}[]} */ ([]), index: 0, shown: '' },
  observers: {
    'options, value, none'(/** @type {any[]} */ options, /** @type {string} */ value, /** @type {string} */ none) {
      const lines = [{ value: '', label: none }, ...options];
      const index = Math.max(0, lines.findIndex((line) => line.value === value));
      this.setData({ lines, index, shown: lines[index].label });
    },
  },
  methods: {
    /** @param {any} event */
    choose({ detail }) {
      const chosen = this.data.lines[Number(detail.value)];
      this.tellValue(chosen ? chosen.value : '');
    },
  },
});
