/**
 * A unit, a section of it and perhaps a person. Units are found by name; a section where nobody is there is shown and
 * cannot be chosen. `change` tells `{name, value: {to_unit, to_section?, to_staff?}}`.
 */
const { heldDirectory } = require('../../lib/memory');
const { found, peopleOf, placeText } = require('../../lib/places');

Component({
  properties: {
    name: { type: String, value: 'place' },
    label: { type: String, value: '' },
    hint: { type: String, value: '' },
    error: { type: String, value: '' },
    value: { type: Object, value: {} },
    /** `general`, `person`: words; `within`, `without`, `own`: what is offered (lib/places.js) */
    how: { type: Object, value: {} },
  },
  data: {
    words: '',
    open: true,
    unfolded: '',
    units: /** @type {any[]} */ ([]),
    more: 0,
    chosen: '',
    people: /** @type {any[]} */ ([]),
    staff: '',
  },
  observers: {
    'value, how'(/** @type {any} */ value, /** @type {any} */ how) {
      const units = heldDirectory();
      const chosen = placeText(units, value || {}, how.general || '');
      const unfolded = this.data.unfolded || how.own || '';
      this.setData({ chosen, unfolded, open: !chosen, people: chosen ? peopleOf(units, value) : [], staff: (value || {}).to_staff || '' });
      this.search(this.data.words);
    },
  },
  methods: {
    /** @param {string} words */
    search(words) {
      const { units, more } = found(heldDirectory(), words, this.data.how);
      const isShort = units.length === 1 || (words.trim() !== '' && units.length <= 3);
      this.setData({ words, units, more, isShort });
    },
    /** @param {any} event */
    type({ detail }) {
      this.search(detail.value);
    },
    /** @param {any} event */
    unfold({ currentTarget }) {
      const { unit } = currentTarget.dataset;
      this.setData({ unfolded: this.data.unfolded === unit ? 'none' : unit });
    },
    /** @param {any} event */
    choose({ currentTarget }) {
      const { unit, section } = currentTarget.dataset;
      this.tell(section ? { to_unit: unit, to_section: section } : { to_unit: unit });
    },
    change() {
      this.setData({ open: true });
    },
    /** @param {any} event */
    choosePerson({ detail }) {
      const { to_staff: _before, ...place } = /** @type {any} */ (this.data.value);
      this.tell(detail.value ? { ...place, to_staff: detail.value } : place);
    },
    /** @param {any} value */
    tell(value) {
      this.triggerEvent('change', { name: this.data.name, value });
    },
  },
});
