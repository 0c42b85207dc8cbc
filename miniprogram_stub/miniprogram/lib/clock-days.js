/** 怎么算的: days as the page shows them, months of them where there are many. */

const LONG = 31;

/**
 * Neighbouring days that are skipped for one reason become one line.
 * @param {any[]} days
 */
function runsOf(days) {
  /** @type {any[]} */
  const runs = [];
  for (const day of days) {
    const last = runs[runs.length - 1];
    if (last && !day.counted && !last.counted && last.reason === day.reason) last.until = day.day_text;
    else runs.push({ id: day.day, from: day.day_text, until: '', counted: day.counted, number: day.number, reason: day.reason, provisional: day.provisional });
  }
  return runs.map((run) => ({
    ...run,
    text: run.until ? `${run.from} 至 ${run.until}` : run.from,
    mark: run.counted ? `第 ${run.number} 天` : '不算',
    why: run.provisional && !run.reason.includes('暂按') ? `${run.reason}（暂定）` : run.reason,
  }));
}

/** @param {any[]} days */
function monthsOf(days) {
  /** @type {Record<string, any[]>} */
  const months = {};
  for (const day of days) (months[day.day.slice(0, 7)] = months[day.day.slice(0, 7)] || []).push(day);
  return Object.entries(months).map(([month, inside]) => {
    const counted = inside.filter((day) => day.counted).length;
    const [year, number] = month.split('-').map(Number);
    return { id: month, label: `${year} 年 ${number} 月：算 ${counted} 天，不算 ${inside.length - counted} 天`, runs: runsOf(inside) };
  });
}

/** @param {any[]} segments */
function partsOf(segments) {
  return segments.map((part, id) => {
    const isLong = part.days.length > LONG;
    return { ...part, id, isLong, runs: isLong ? [] : runsOf(part.days), months: isLong ? monthsOf(part.days) : [] };
  });
}

module.exports = { partsOf, runsOf, monthsOf };
