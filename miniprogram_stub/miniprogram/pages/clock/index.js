/** 怎么算的: one limit day by day, with its clause, pauses, bearers, changes and readings. For citizens and staff. */
const { clockOf } = require('../../lib/case');
const { partsOf } = require('../../lib/clock-days');
const { endpoint } = require('../../lib/contract');
const { request } = require('../../lib/http');
const { definePage } = require('../../lib/page');
const tracking = require('../../lib/tracking');

definePage({
  data: { explained: null, clock: null, parts: [], provisional: '', months: {} },

  /** @param {any} query */
  onLoad({ number = '', clock = '', as = 'citizen' }) {
    this.asked = as === 'staff' ? endpoint('staffClock', { number, clock }) : endpoint('clock', { number, clock });
    this.speaker = as === 'staff' ? 'staff' : tracking.speakerOf(number);
  },

  async load() {
    const { data } = await request({ path: this.asked, as: this.speaker });
    this.setData({
      explained: data,
      clock: clockOf(data.clock),
      parts: partsOf(data.segments),
      provisional: data.years_without_data.join('、'),
    });
  },

  /** @param {any} event */
  turn({ currentTarget }) {
    const { id } = currentTarget.dataset;
    this.setData({ months: { ...this.data.months, [id]: !this.data.months[id] } });
  },
});
