/** 台账 of a year in 附件2's words: the section's own book, and others this person may read. Looking only. */
const { endpoint } = require('../../../lib/contract');
const { definePage, shown } = require('../../../lib/page');
const { askedFor, booksOf, lineOf, totalsOf } = require('../lib/book');
const { ask } = require('../lib/desk');
const { listing } = require('../lib/listing');

definePage({
  ...listing,
  data: {
    title: '台账',
    subtitle: '',
    label: '',
    books: [],
    book: '',
    years: [],
    year: '',
    totals: [],
    listState: 'loading',
    listProblem: null,
    items: [],
    cursor: null,
    more: '',
    open: '',
  },

  async load() {
    const { data } = await ask({ path: endpoint('ledgerYears') });
    const books = booksOf(data);
    const own = data.section ? data.section.id : '';
    const book = this.data.book || own || (books[0] ? books[0].value : 'unit');
    const years = [...new Set([data.this_year, ...data.years])].sort((a, b) => b - a);
    this.setData({
      books,
      book,
      years: years.map((year) => ({ value: String(year), label: `${year} 年` })),
      year: this.data.year || String(data.this_year),
    });
    await this.fetchBook();
    return 'ready';
  },

  /** @param {string | null} cursor */
  async askPage(cursor) {
    const asked = askedFor(this.data.book, Number(this.data.year));
    const answer = await ask({ path: endpoint('ledger'), data: cursor ? { ...asked, cursor } : asked });
    this.columns = answer.data.columns;
    if (answer.data.totals) this.drawCover(answer.data);
    return answer;
  },

  /** @param {any} line */
  lineOf(line) {
    return lineOf(line, this.columns);
  },

  /** @param {any} cover */
  drawCover({ unit, section, scope_label: scope, year, label, totals }) {
    this.setData({
      title: section ? section.name : unit.name,
      subtitle: `${scope}，${year} 年`,
      label: label || '',
      totals: totalsOf(totals),
    });
  },

  async fetchBook() {
    const { book, year } = this.data;
    const stillWanted = () => this.data.book === book && this.data.year === year;
    try {
      const number = await this.fetchList(stillWanted);
      if (stillWanted()) this.setData({ listState: number ? 'ready' : 'empty', listProblem: null });
    } catch (error) {
      if (stillWanted()) this.setData({ listState: 'error', listProblem: shown(error) });
    }
  },

  /** @param {any} event */
  choose({ detail }) {
    if (!detail.value || detail.value === this.data[detail.name]) return undefined;
    this.setData({ [detail.name]: detail.value, listState: 'loading', items: [], cursor: null, more: '', open: '' });
    return this.fetchBook();
  },

  retryList() {
    this.setData({ listState: 'loading' });
    return this.fetchBook();
  },

  /** @param {any} event */
  turn({ currentTarget }) {
    const { id } = currentTarget.dataset;
    this.setData({ open: this.data.open === id ? '' : id });
  },
});
