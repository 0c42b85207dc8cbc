/** 回访: how a closed round is followed up, and the grade as far as it is shown here. */
Component({
  properties: {
    followUps: { type: Object, value: null },
    rating: { type: Object, value: null },
  },
});
