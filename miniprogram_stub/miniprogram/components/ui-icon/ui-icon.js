/** A line icon in the colour of the words beside it. Always decorative: a word says the same. */
Component({
  options: { virtualHost: true },
  properties: { name: { type: String, value: 'dot' } },
});
