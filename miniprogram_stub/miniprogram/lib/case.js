/** An inquiry as the pages show it: nothing is decided here, only sorted and given its marks. */
const { CLOCKS, EVENT_ICONS, EXPLANATIONS, GRADE_ICONS, HEADLINES, RUNNING, STATUS_ICONS } = require('./words');

/**
 * What happens now, who has it, until when, by which clause.
 * @param {any} inquiry as the API gives it
 * @param {'citizen' | 'staff'} voice
 */
function headOf(inquiry, voice) {
  const clocks = inquiry.clocks.map(clockOf);
  const running = clocks.filter((/** @type {any} */ clock) => RUNNING.includes(clock.state));
  const status = /** @type {keyof typeof HEADLINES} */ (inquiry.status);
  const closed = status === 'closed';
  const outcome = closed && inquiry.outcome_label ? `：${inquiry.outcome_label}` : '';
  return {
    title: (voice === 'citizen' ? HEADLINES[status] : inquiry.status_label) + outcome,
    text: voice === 'citizen' && !closed ? EXPLANATIONS[/** @type {keyof typeof EXPLANATIONS} */ (status)] : '',
    icon: STATUS_ICONS[status],
    tone: toneOf(inquiry, running),
    holder: inquiry.holder ? inquiry.holder.text : '',
    holderTitle: closed ? '最后由谁办理' : '现在谁负责',
    running,
    settled: clocks.filter((/** @type {any} */ clock) => !RUNNING.includes(clock.state)),
    note: closed ? '' : inquiry.no_limit_note || '',
    noteTitle: running.length ? '办法怎么规定' : '什么时候办完',
  };
}

/**
 * @param {any} inquiry
 * @param {any[]} running
 */
function toneOf(inquiry, running) {
  if (inquiry.status === 'closed') return ['completed', 'answered'].includes(inquiry.outcome) ? 'good' : 'plain';
  const tones = running.map((clock) => clock.mark.tone);
  return ['bad', 'warn'].find((tone) => tones.includes(tone)) || 'plain';
}

/** @param {any} clock */
function clockOf(clock) {
  const mark = CLOCKS[/** @type {keyof typeof CLOCKS} */ (clock.state)];
  const isRunning = RUNNING.includes(clock.state);
  return { ...clock, mark, isRunning, chip: (isRunning && clock.remaining_text) || mark.word };
}

/**
 * Newest first.
 * @param {any[]} entries as the API gives them, oldest first
 */
function timelineOf(entries) {
  return entries
    .map((entry, index) => ({
      ...entry,
      id: index,
      icon: EVENT_ICONS[/** @type {keyof typeof EVENT_ICONS} */ (entry.event)] || 'dot',
    }))
    .reverse();
}

/** @param {any[]} actions @returns {Record<string, any>} by their names */
const actionsByName = (actions) => Object.fromEntries(actions.map((action) => [action.name, action]));

/** @param {any} rating */
const ratingOf = (rating) =>
  rating && { ...rating, icon: GRADE_ICONS[/** @type {keyof typeof GRADE_ICONS} */ (rating.grade)] || 'star' };

module.exports = { headOf, clockOf, timelineOf, actionsByName, ratingOf };
