/** A line of the 台账 in 附件2's own words and order, and the figures of a year. */

/** @type {Record<string, (line: any) => string>} */
const VALUES = {
  received_at: (line) => line.received_text,
  first_responder: (line) => (line.first_responder ? line.first_responder.name : ''),
  citizen: (line) => line.citizen.text,
  contact: (line) => line.contact || '',
  channel: (line) => line.channel_label,
  category: (line) => line.category_label,
  content: (line) => line.content,
  disposition: (line) => [line.disposition_label, line.handling].filter(Boolean).join('\n'),
  closed_at: (line) => line.closed_text || '',
  followed_up_at: (line) => line.followed_up_text || '',
  grade: (line) => line.grade_label || line.grade_note || '',
  section_head_opinion: (line) => opinionText(line.section_head_opinion),
  deputy_leader_opinion: (line) => opinionText(line.deputy_leader_opinion),
  remark: (line) => line.remark || '',
};

/** @param {any} opinion */
const opinionText = (opinion) => (opinion ? `${opinion.text}\n${opinion.by}，${opinion.at_text}` : '');

/**
 * @param {any} line
 * @param {any[]} columns as the server names them
 */
function lineOf(line, columns) {
  return {
    id: line.id,
    number: line.number,
    displayNumber: line.display_number,
    title: line.content || '（内容不公开）',
    received: line.received_text,
    category: line.category_label,
    status: line.outcome_label || '正在办理',
    isClosed: Boolean(line.closed_at),
    continued: line.counted ? '' : line.kind_label,
    isLate: line.late_entry,
    facts: columns.map(({ id, label }) => ({ id, label, text: (VALUES[id] ? VALUES[id](line) : '') || '—' })),
  };
}

/** @param {any} totals */
function totalsOf(totals) {
  if (!totals) return [];
  const figures = [
    { label: '登记', number: totals.counted },
    { label: '已办结', number: totals.closed },
    { label: '在办', number: totals.open },
  ];
  if (totals.late_entries) figures.push({ label: '其中补录', number: totals.late_entries });
  if (totals.continued) figures.push({ label: '承接（不计入）', number: totals.continued });
  return figures;
}

/**
 * The books that are open to this person: 分台账 of sections, and where it is theirs the 总台账.
 * @param {any} years as the server answers
 */
function booksOf(years) {
  const sections = years.sections.map((/** @type {any} */ { id, name }) => ({ value: id, label: name }));
  return years.scopes.includes('unit') ? [...sections, { value: 'unit', label: '总台账' }] : sections;
}

/** @param {string} book @param {number} year @returns {Record<string, any>} */
const askedFor = (book, year) =>
  book === 'unit' ? { scope: 'unit', year, order: 'newest' } : { scope: 'section', section: book, year, order: 'newest' };

module.exports = { askedFor, booksOf, lineOf, totalsOf };
