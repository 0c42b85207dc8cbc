/** One line of text. `change` tells `{name, value}` at every keystroke, so that a draft is never behind. */
Component({
  properties: {
    name: { type: String, value: '' },
    label: { type: String, value: '' },
    hint: { type: String, value: '' },
    error: { type: String, value: '' },
    value: { type: String, value: '' },
    optional: { type: Boolean, value: false },
    /** Longest text in characters; WeChat's own default would cut at 140. */
    limit: { type: Number, value: 140 },
    /** WeChat's keyboards: text, number, idcard, digit, nickname. */
    type: { type: String, value: 'text' },
    placeholder: { type: String, value: '' },
  },
  methods: {
    /** @param {any} event */
    tell({ detail }) {
      this.triggerEvent('change', { name: this.data.name, value: detail.value });
    },
  },
});
