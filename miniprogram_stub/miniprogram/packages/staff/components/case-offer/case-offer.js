/** A hand-off that waits to be accepted: from where, to whom, why, and until when. */
Component({
  properties: { handoff: { type: Object, value: null } },
});
