/**
 * Lists a page at a time: the first, one more at the bottom, and after coming back as many as were on the screen. A page
 * gives `askPage(cursor)` and `lineOf(item)`; its data are `items`, `cursor`, `more`.
 */
const { shown } = require('../../../lib/page');

const MOST_AGAIN = 5;

/** @type {Record<string, any> & ThisType<any>} */
const listing = {
  /** @param {() => boolean} [stillWanted] whether nothing else was asked for meanwhile */
  async fetchList(stillWanted = () => true) {
    const wanted = this.data.items.length;
    /** @type {any[]} */
    let items = [];
    /** @type {string | null} */
    let cursor = null;
    let pages = 0;
    do {
      /** @type {{data: any}} */
      const { data } = await this.askPage(cursor);
      items = [...items, ...data.items.map((/** @type {any} */ item) => this.lineOf(item))];
      cursor = data.next_cursor;
      pages += 1;
    } while (cursor && items.length < wanted && pages < MOST_AGAIN);
    if (stillWanted()) this.setData({ items, cursor, more: '' });
    return items.length;
  },

  async onReachBottom() {
    const { cursor, more, state } = this.data;
    if (state !== 'ready' || !cursor || more === 'loading') return;
    this.setData({ more: 'loading' });
    try {
      const { data } = await this.askPage(cursor);
      if (cursor !== this.data.cursor) return;
      this.setData({ items: [...this.data.items, ...data.items.map((/** @type {any} */ item) => this.lineOf(item))], cursor: data.next_cursor, more: '' });
    } catch (error) {
      this.setData({ more: shown(error).detail });
    }
  },
};

module.exports = { listing };
