/**
 * The only door to the network. Who speaks is said by `as`: a citizen, staff, the holder of an inquiry's capability, or
 * nobody. An expired session is renewed once, in silence; then the request is repeated with the same key.
 */
const config = require('../config');
const { offline, problemOf } = require('./problem');
const session = require('./session');

const TIMEOUT = 30000;

/**
 * @typedef {{data: any, version: string, replayed: boolean}} Answer `version` is what If-Match wants, without quotes
 * @typedef {{tracking: string}} Capability
 * @typedef {'citizen' | 'staff' | 'nobody' | Capability} Speaker
 * @typedef {{method?: string, path: string, data?: any, as?: Speaker, key?: string, version?: string | number}} Asked
 */

/**
 * @param {Asked} asked
 * @returns {Promise<Answer>} rejects with a Problem
 */
async function request(asked) {
  return repeatedOnce(asked.as || 'nobody', async (headers) => {
    const answer = await send(asked, headers);
    return settle(answer);
  });
}

/**
 * Send one file.
 * @param {{path: string, file: string, as: Speaker, key: string}} asked `file` is the phone's own path of it
 * @returns {Promise<Answer>} rejects with a Problem
 */
async function upload({ path, file, as, key }) {
  return repeatedOnce(as, async (headers) => {
    const answer = await sendFile(path, file, { ...headers, 'Idempotency-Key': key });
    return settle(answer);
  });
}

/**
 * Fetch a file for looking at.
 * @param {{path: string, as: Speaker}} asked
 * @returns {Promise<string>} the phone's own path of it; rejects with a Problem
 */
async function download({ path, as }) {
  return repeatedOnce(as, async (headers) => {
    const { statusCode, tempFilePath } = await fetchFile(path, headers);
    if (statusCode !== 200) throw problemOf(statusCode, null);
    return tempFilePath;
  });
}

/**
 * @template T
 * @param {Speaker} as
 * @param {(headers: Record<string, string>) => Promise<T>} act
 * @returns {Promise<T>}
 */
async function repeatedOnce(as, act) {
  try {
    return await act(await headersOf(as));
  } catch (error) {
    const problem = /** @type {any} */ (error);
    if (problem.code !== 'unauthenticated' || (as !== 'citizen' && as !== 'staff')) throw error;
    session.forget(as);
    return act(await headersOf(as));
  }
}

/**
 * @param {Speaker} as
 * @returns {Promise<Record<string, string>>}
 */
async function headersOf(as) {
  if (as === 'nobody') return {};
  if (typeof as === 'object') return { 'X-Tracking-Token': as.tracking };
  return { Authorization: `Bearer ${await session.token(as)}` };
}

/** @param {any} answer */
function settle({ statusCode, data, header }) {
  if (statusCode < 200 || statusCode > 299) throw problemOf(statusCode, readable(data));
  const found = lowerCased(header);
  return {
    data,
    version: (found.etag || '').replaceAll('"', ''),
    replayed: found['idempotent-replayed'] === 'true',
  };
}

/** @param {any} data the body of an upload comes as text */
function readable(data) {
  if (typeof data !== 'string') return data;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** @param {Record<string, any>} header WeChat gives names as the server or the phone wrote them */
function lowerCased(header) {
  return Object.fromEntries(Object.entries(header || {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/**
 * @param {Asked} asked
 * @param {Record<string, string>} headers
 */
function send({ method = 'GET', path, data, key, version }, headers) {
  /** @type {Record<string, string>} */
  const header = { ...headers };
  if (key) header['Idempotency-Key'] = key;
  if (version !== undefined) header['If-Match'] = `"${version}"`;
  if (method !== 'GET' && method !== 'DELETE') header['content-type'] = 'application/json';
  return new Promise((resolve, reject) => {
    wx.request({
      url: config.apiBase + path,
      method: /** @type {any} */ (method),
      data: method === 'GET' || method === 'DELETE' ? data : data || {},
      header,
      timeout: TIMEOUT,
      success: resolve,
      fail: () => reject(offline()),
    });
  });
}

/**
 * @param {string} path
 * @param {string} file
 * @param {Record<string, string>} header
 */
function sendFile(path, file, header) {
  return new Promise((resolve, reject) => {
    wx.uploadFile({
      url: config.apiBase + path,
      filePath: file,
      name: 'file',
      header,
      timeout: 2 * TIMEOUT,
      success: (answer) => resolve({ ...answer, data: readable(answer.data) }),
      fail: () => reject(offline()),
    });
  });
}

/**
 * @param {string} path
 * @param {Record<string, string>} header
 * @returns {Promise<any>}
 */
function fetchFile(path, header) {
  return new Promise((resolve, reject) => {
    wx.downloadFile({ url: config.apiBase + path, header, success: resolve, fail: () => reject(offline()) });
  });
}

module.exports = { request, upload, download };
