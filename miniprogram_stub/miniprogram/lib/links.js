/** Addresses: what a scan brought, and the way from page to page. */

const SIGN_PATH = /^https?:\/\/[^/?#]+\/s\/([0-9A-Za-z]{16,24})\/?(?:[?#].*)?$/;
const CODE = /^[0-9A-HJKMNP-TV-Z]{16}$/;
const UNIT_ID = /^[0-9a-f]{32}$/;

/**
 * A sign's code as people type it: in any case, with spaces and lines, O for 0 and I or L for 1.
 * @param {string} text
 * @returns {string} '' where it cannot be one
 */
function signCode(text) {
  const folded = String(text || '')
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return CODE.test(folded) ? folded : '';
}

/**
 * @param {string} address what stands in a QR code
 * @returns {string} the sign's code, '' where the address is none of a sign
 */
function signOfAddress(address) {
  const found = SIGN_PATH.exec(address || '');
  return found ? signCode(found[1]) : signCode(address);
}

/**
 * What a page was opened with after a scan: `q`, the whole address, of an ordinary QR code; `scene` of a mini program
 * code. WeChat encodes both once more.
 * @param {Record<string, string | undefined>} query
 * @returns {string} the sign's code, or ''
 */
function scannedSign({ q, scene, code }) {
  return signOfAddress(decoded(q)) || signCode(decoded(scene)) || signCode(code || '');
}

/** @param {string} [text] */
function decoded(text) {
  try {
    return decodeURIComponent(text || '');
  } catch {
    return '';
  }
}

/**
 * @param {string} path without a leading slash
 * @param {Record<string, string | number | boolean | undefined | null>} [query] what is empty is left out
 */
function pageUrl(path, query = {}) {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return `/${path}${parts.length ? `?${parts.join('&')}` : ''}`;
}

/**
 * @param {string} path
 * @param {Record<string, any>} [query]
 */
const open = (path, query) => wx.navigateTo({ url: pageUrl(path, query) });

/**
 * @param {string} path
 * @param {Record<string, any>} [query]
 */
const replace = (path, query) => wx.redirectTo({ url: pageUrl(path, query) });

/** Back where a page lies beneath, else home: a message opens its page with nothing beneath it. */
function back() {
  if (getCurrentPages().length > 1) wx.navigateBack();
  else wx.reLaunch({ url: '/pages/home/index' });
}

module.exports = { UNIT_ID, back, open, pageUrl, replace, scannedSign, signCode, signOfAddress };
