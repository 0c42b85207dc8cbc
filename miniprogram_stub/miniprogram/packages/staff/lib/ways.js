/** The way from page to page of the staff package, and back where nothing lies beneath. */
const links = require('../../../lib/links');

const ROOT = 'packages/staff';

/** @param {string} page @param {Record<string, any>} [query] */
const open = (page, query) => links.open(`${ROOT}/${page}/index`, query);

/** @param {string} number */
function toInquiry(number) {
  if (getCurrentPages().length > 1) wx.navigateBack();
  else links.replace(`${ROOT}/inquiry/index`, { number });
}

const toDesk = () => wx.reLaunch({ url: `/${ROOT}/home/index` });

/**
 * @param {string} title
 * @param {string} content what becomes of it when it goes on
 * @param {string} confirmText
 * @returns {Promise<boolean>}
 */
const sure = async (title, content, confirmText) =>
  (await wx.showModal({ title, content, confirmText, cancelText: '返回' })).confirm;

module.exports = { open, sure, toDesk, toInquiry };
