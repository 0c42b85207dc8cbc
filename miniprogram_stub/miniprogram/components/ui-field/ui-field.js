/** The frame of one field: its name, a hint, what is wrong with it, and in the slot the control itself. */
Component({
  properties: {
    label: { type: String, value: '' },
    hint: { type: String, value: '' },
    error: { type: String, value: '' },
    optional: { type: Boolean, value: false },
  },
});
