/** One line of text. `change` tells `{name, value}` at every keystroke, so that a draft is never behind. */
const field = require('../../lib/field');

Component({
  behaviors: [field],
  properties: {
    value: { type: String, value: '' },
    /** Longest text in characters; WeChat's own default would cut at 140. */
    limit: { type: Number, value: 140 },
    /** WeChat's keyboards: text, number, idcard, digit, nickname. */
    type: { type: String, value: 'text' },
    placeholder: { type: String, value: '' },
  },
  methods: {
    /** @param {any} event */
    tell({ detail }) {
      this.tellValue(detail.value);
    },
  },
});
