/** 查询进度 without signing in: number and the last four digits of the phone that was left. */
const { LIMITS, endpoint } = require('../../lib/contract');
const { request } = require('../../lib/http');
const links = require('../../lib/links');
const { definePage } = require('../../lib/page');
const { fieldErrors } = require('../../lib/problem');
const tracking = require('../../lib/tracking');

definePage({
  data: { values: { number: '', phone_tail: '' }, errors: {}, limits: LIMITS },

  /** @param {any} event */
  change({ detail }) {
    this.setData({ [`values.${detail.name}`]: detail.value, [`errors.${detail.name}`]: '' });
  },

  submit() {
    const { values } = this.data;
    /** @type {Record<string, string>} */
    const errors = {};
    if (!values.number.trim()) errors.number = '请填写编号。';
    if (!/^\d{4}$/.test(values.phone_tail)) errors.phone_tail = '请填写手机号的后四位数字。';
    this.setData({ errors });
    if (Object.keys(errors).length) return null;
    return this.once(async () => {
      const { data } = await request({ method: 'POST', path: endpoint('lookups'), data: values });
      tracking.keep(data.number, data.tracking_token, data.expires_at);
      links.open('pages/inquiry/index', { number: data.number });
    });
  },

  /** @param {import('../../lib/problem').Trouble} problem */
  failed(problem) {
    const errors = fieldErrors(problem);
    this.setData({ errors, notice: Object.keys(errors).length ? '' : problem.detail });
  },
});
