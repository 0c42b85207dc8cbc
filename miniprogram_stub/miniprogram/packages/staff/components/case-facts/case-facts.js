/** Facts beside a case, for those the server shows them to: never a verdict, and nothing to do about them here. */
Component({
  properties: {
    signals: { type: Array, value: [] },
    leads: { type: Array, value: [] },
  },
});
