/** What happened, newest first (`timelineOf` of lib/case.js). */
Component({
  properties: { entries: { type: Array, value: [] } },
});
