/** Long words: a beginning, and all of it at a tap. Text can be selected and copied. */
const SLACK = 60;

Component({
  properties: {
    text: { type: String, value: '' },
    /** How many characters the beginning has. */
    preview: { type: Number, value: 240 },
    /** Found improper by a person who looked: nothing of it shows before the tap. */
    folded: { type: Boolean, value: false },
  },
  data: { open: false, shown: '', length: 0, isLong: false },
  observers: {
    'text, preview, folded, open'(/** @type {string} */ text, /** @type {number} */ preview, /** @type {boolean} */ folded, /** @type {boolean} */ open) {
      const characters = [...(text || '')];
      const isLong = folded || characters.length > preview + SLACK;
      const beginning = folded ? '' : `${characters.slice(0, preview).join('')}……`;
      this.setData({ isLong, length: characters.length, shown: isLong && !open ? beginning : text });
    },
  },
  methods: {
    turn() {
      this.setData({ open: !this.data.open });
    },
  },
});
