/**
 * What every page has: four states (loading, ready, empty, error), the text size, and one way to load and to act.
 * A page defines `load()`; it is called when the page opens, on 重试, on pulling down, and when coming back to a page
 * that says `refreshOnShow`.
 */
const { asProblem } = require('./problem');
const settings = require('./settings');

/**
 * @param {any} options a page, with `load()` besides WeChat's own functions
 */
function definePage(options) {
  const { data = {}, onLoad, onShow, load, refreshOnShow = false, ...rest } = options;
  Page({
    ...rest,
    data: { ...data, state: load ? 'loading' : 'ready', problem: null, large: '', busy: false, notice: '' },
    load,

    /** @param {any} query */
    onLoad(query) {
      settings.applyTo(this);
      this.query = query || {};
      if (onLoad) onLoad.call(this, this.query);
      if (load) this.reload();
    },

    onShow() {
      settings.applyTo(this);
      if (this.wasHidden && refreshOnShow && load) this.reload({ quietly: true });
      this.wasHidden = false;
      if (onShow) onShow.call(this);
    },

    onHide() {
      this.wasHidden = true;
      if (rest.onHide) rest.onHide.call(this);
    },

    onPullDownRefresh() {
      Promise.resolve(load ? this.reload({ quietly: true }) : null).then(() => wx.stopPullDownRefresh());
    },

    /** 重试. */
    retry() {
      return this.reload();
    },

    /**
     * @param {{quietly?: boolean}} [how] quietly: what is on the screen stays there until the new is here
     */
    async reload({ quietly = false } = {}) {
      if (!quietly || this.data.state !== 'ready') this.setData({ state: 'loading', problem: null });
      try {
        const state = (await this.load()) || 'ready';
        this.setData({ state, problem: null });
      } catch (error) {
        const problem = shown(error);
        if (quietly && this.data.state === 'ready') this.setData({ notice: problem.detail });
        else this.setData({ state: 'error', problem });
      }
    },

    /**
     * Do one thing at a time; a second tap meanwhile does nothing.
     * @param {() => Promise<any>} act
     * @returns {Promise<any>} what it gave; null after a problem, which `failed` has been told of
     */
    async once(act) {
      if (this.data.busy) return null;
      this.setData({ busy: true, notice: '' });
      try {
        return await act();
      } catch (error) {
        const problem = asProblem(error);
        if (this.failed) this.failed(problem);
        else this.setData({ notice: problem.detail });
        return null;
      } finally {
        this.setData({ busy: false });
      }
    },
  });
}

/** @param {any} error a problem as plain data, for the page */
function shown(error) {
  const { code, title, detail, requestId, successorUrl } = asProblem(error);
  return { code, title, detail, requestId, successorUrl };
}

module.exports = { definePage, shown };
