/** What became of an inquiry while somebody was writing. */

/**
 * @param {any} before as it was when the form was opened
 * @param {any} now
 */
function changesOf(before, now) {
  const happened = now.timeline.slice(before.timeline.length);
  return {
    steps: happened.map((/** @type {any} */ { title, at_text: at, by }, /** @type {number} */ id) => ({ id, title, at, by })),
    status: now.status_label,
    holder: now.holder ? now.holder.text : '',
  };
}

module.exports = { changesOf };
