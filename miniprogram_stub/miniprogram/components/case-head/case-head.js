/** The first screen of a case: what happens now, who has it, until when, by which clause (`head` from lib/case.js). */
Component({
  properties: {
    head: { type: Object, value: null },
    number: { type: String, value: '' },
    as: { type: String, value: 'citizen' },
  },
});
