/**
 * `wx.request`, `wx.uploadFile` and `wx.downloadFile` over real HTTP to the running backend, with WeChat's rules: only to
 * the configured server, any status is a success, JSON is parsed. A test can spoil the next requests.
 */
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');

const { serverInSources } = require('./project');
const { begin, until } = require('./waiting');

const FAILED = 'request:fail errcode:-109 cronet_error_code:-109 error_msg:net::ERR_ADDRESS_UNREACHABLE';
const TRANSFER_HEADERS = ['host', 'content-length', 'transfer-encoding', 'connection'];

/** @typedef {{method: string, path: string, header: Record<string, string>, data: any, status: number | null}} Sent */
/** @typedef {{kind: string, times: number, match: string | RegExp, status?: number, body?: any, hold?: Promise<void>}} Fault */

/** @type {Sent[]} */
const sent = [];
/** @type {Fault[]} */
let faults = [];
let backend = '';

/** @param {string} url where the backend is */
function connect(url) {
  backend = url;
}

/** Forget what was sent and mend whatever is broken. */
function reset() {
  sent.length = 0;
  faults = [];
}

const spoil = (fault) => faults.push({ times: 1, match: '', ...fault });

/** No network for the next requests: nothing reaches the server. */
const offline = (times = 1, match = '') => spoil({ kind: 'offline', times, match });

/** The server does its work, and its answer is lost on the way. */
const loseAnswer = (times = 1, match = '') => spoil({ kind: 'lost', times, match });

/** Something between here and the server answers in its place: 401, 502 with HTML, 503. */
const answer = (status, body = null, { times = 1, match = '' } = {}) =>
  spoil({ kind: 'answer', status, body, times, match });

/**
 * A slow network: the next request waits until it is let go.
 * @returns {{arrived: () => Promise<any>, release: () => void}}
 */
function hold(match = '') {
  let release = () => {};
  const fault = { kind: 'hold', times: 1, match, hold: new Promise((resolve) => (release = resolve)) };
  faults.push(fault);
  return { arrived: () => until(() => fault.times === 0, 'the request that is held back'), release };
}

/** The fault for a request, if there is one; it is used up by that. */
function nextFault(url) {
  const fault = faults.find(({ times, match }) => times > 0 && (match instanceof RegExp ? match.test(url) : url.includes(match)));
  if (fault) fault.times -= 1;
  return fault;
}

/** @param {any} asked as given to wx.request */
function request(asked) {
  const method = (asked.method || 'GET').toUpperCase();
  const url = target(asked.url);
  let body = null;
  if (method === 'GET') for (const [name, value] of Object.entries(asked.data || {})) url.searchParams.set(name, String(value));
  else if (asked.data !== undefined) body = Buffer.from(typeof asked.data === 'string' ? asked.data : JSON.stringify(asked.data));
  const header = { 'content-type': 'application/json', ...asked.header };
  return exchange(asked, { method, url, header, body, data: asked.data }, (answered) => ({
    statusCode: answered.status,
    header: answered.header,
    cookies: [],
    data: parsed(answered.body.toString('utf8')),
    errMsg: 'request:ok',
  }));
}

/** @param {any} asked as given to wx.uploadFile: one file and fields, as multipart; the answer comes as text */
function uploadFile(asked) {
  const boundary = `----shouwen${sent.length}`;
  const name = path.basename(asked.filePath);
  const parts = Object.entries(asked.formData || {}).map(([field, value]) =>
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`),
  );
  const kind = { '.jpg': 'image/jpeg', '.png': 'image/png', '.pdf': 'application/pdf' }[path.extname(name)] || 'application/octet-stream';
  parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${asked.name}"; filename="${name}"\r\nContent-Type: ${kind}\r\n\r\n`));
  const body = Buffer.concat([...parts, fs.readFileSync(asked.filePath), Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const header = { ...asked.header, 'content-type': `multipart/form-data; boundary=${boundary}` };
  return exchange(asked, { method: 'POST', url: target(asked.url), header, body, data: asked.formData }, (answered) => ({
    statusCode: answered.status,
    header: answered.header,
    data: answered.body.toString('utf8'),
    errMsg: 'uploadFile:ok',
  }));
}

/** @param {any} asked as given to wx.downloadFile */
function downloadFile(asked) {
  return exchange(asked, { method: 'GET', url: target(asked.url), header: asked.header || {}, body: null }, (answered) => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'shouwen-')), 'download');
    fs.writeFileSync(file, answered.body);
    return { statusCode: answered.status, header: answered.header, tempFilePath: file, errMsg: 'downloadFile:ok' };
  });
}

/** The same address at the running backend. WeChat refuses servers that are not registered for the mini program. */
function target(url) {
  const allowed = serverInSources();
  if (!String(url).startsWith(`${allowed}/`)) throw new Error(`url not in domain list: ${url}`);
  return new URL(String(url).slice(allowed.length), backend);
}

/** Carry one request out, and call back as WeChat does: `success` for any status, `fail` only without an answer. */
function exchange(asked, { method, url, header, body, data }, shape) {
  const entry = { method, path: url.pathname + url.search, header, data, status: null };
  sent.push(entry);
  const fault = nextFault(entry.path);
  const ended = begin();
  const task = { abort() {}, onProgressUpdate() {}, offProgressUpdate() {}, onHeadersReceived() {} };
  const finish = (result, ok) => {
    ended();
    (ok ? asked.success : asked.fail)?.(result);
    asked.complete?.(result);
  };
  const carriedOut = carryOut(fault, { method, url, header, body }, task);
  carriedOut.then(
    (answered) => {
      entry.status = answered.status;
      finish(shape(answered), true);
    },
    (error) => finish({ errMsg: error.message, errno: 600001 }, false),
  );
  return task;
}

async function carryOut(fault, made, task) {
  if (fault?.kind === 'hold') await fault.hold;
  if (fault?.kind === 'offline') throw new Error(FAILED);
  if (fault?.kind === 'answer') {
    const text = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body);
    return { status: fault.status, header: {}, body: Buffer.from(text) };
  }
  const answered = await overHttp(made, task);
  if (fault?.kind === 'lost') throw new Error(FAILED);
  return answered;
}

/** @returns {Promise<{status: number, header: Record<string, string>, body: Buffer}>} */
function overHttp({ method, url, header, body }, task = {}) {
  const named = Object.entries(header).filter(([name, value]) => value !== undefined && !TRANSFER_HEADERS.includes(name.toLowerCase()));
  const headers = { ...Object.fromEntries(named), ...(body ? { 'content-length': body.length } : {}) };
  return new Promise((resolve, reject) => {
    const going = http.request(url, { method, headers, agent: false }, (answered) => {
      const pieces = [];
      answered.on('data', (piece) => pieces.push(piece));
      answered.on('error', reject);
      answered.on('end', () => resolve({ status: answered.statusCode, header: asWritten(answered.rawHeaders), body: Buffer.concat(pieces) }));
    });
    going.on('error', () => reject(new Error(FAILED)));
    task.abort = () => going.destroy();
    going.end(body || undefined);
  });
}

/** Names of headers as the server wrote them: WeChat does not fold them. */
const asWritten = (raw) => Object.fromEntries(raw.flatMap((name, at) => (at % 2 ? [] : [[name, raw[at + 1]]])));

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Wait for a request that was sent.
 * @param {string} method
 * @param {string | RegExp} wanted part of its path
 * @returns {Promise<Sent>} the last one, answered
 */
const requested = (method, wanted) =>
  until(
    () => sent.findLast((one) => one.method === method && one.status !== null && (wanted instanceof RegExp ? wanted.test(one.path) : one.path.includes(wanted))),
    () => `${method} ${wanted}; there were ${sent.map((one) => `${one.method} ${one.path} ${one.status}`).join(', ') || 'none'}`,
  );

module.exports = { answer, connect, downloadFile, hold, loseAnswer, offline, overHttp, parsed, request, requested, reset, sent, uploadFile };
