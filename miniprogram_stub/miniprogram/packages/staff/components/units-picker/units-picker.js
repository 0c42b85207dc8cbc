/** Several units, found by name and ticked. `change` tells `{name, value: [ids]}`. */
const { heldDirectory } = require('../../lib/memory');
const { found } = require('../../lib/places');

Component({
  properties: {
    name: { type: String, value: 'units' },
    label: { type: String, value: '' },
    hint: { type: String, value: '' },
    error: { type: String, value: '' },
    value: { type: Array, value: [] },
    /** `exceptUnit`: what is offered (lib/places.js) */
    how: { type: Object, value: {} },
  },
  data: { words: '', units: /** @type {any[]} */ ([]), more: 0, chosen: '' },
  observers: {
    'value, how'() {
      this.search(this.data.words);
    },
  },
  methods: {
    /** @param {string} words */
    search(words) {
      const value = /** @type {string[]} */ (this.data.value || []);
      const named = heldDirectory().map(({ id, name }) => ({ id, name, sections: [] }));
      const { units, more } = found(named, words, this.data.how);
      const ticked = named.filter((unit) => value.includes(unit.id)).map((unit) => unit.name);
      this.setData({
        words,
        more,
        units: units.map((unit) => ({ ...unit, ticked: value.includes(unit.id) })),
        chosen: ticked.length ? `已选 ${ticked.length} 个：${ticked.join('、')}` : '',
      });
    },
    /** @param {any} event */
    type({ detail }) {
      this.search(detail.value);
    },
    /** @param {any} event */
    tick({ detail }) {
      const others = /** @type {string[]} */ (this.data.value).filter((id) => id !== detail.name);
      this.triggerEvent('change', { name: this.data.name, value: detail.value ? [...others, detail.name] : others });
    },
  },
});
