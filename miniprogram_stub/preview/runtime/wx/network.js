// Requests, up- and downloads: to the preview's own address, which hands them to the server.
import { asynchronous, Failure, failed, settle } from './calls.js';
import { fileAt, keep } from './files.js';

const TIMEOUT = 60_000;
/** Set by the preview's server when it could not reach the other one: for a phone that is no answer at all. */
const UNREACHABLE = 'X-Phone-Unreachable';

let isCut = false;
const listeners = new Set();
const isOnline = () => navigator.onLine && !isCut;
const state = () => ({ isConnected: isOnline(), networkType: isOnline() ? 'wifi' : 'none' });

/** Cut the network of the phone, or bring it back. */
export function cutNetwork(cut) {
  isCut = cut;
  tellListeners();
}

const tellListeners = () => listeners.forEach((listener) => listener(state()));
window.addEventListener('online', tellListeners);
window.addEventListener('offline', tellListeners);

export const networkFunctions = {
  request: task('request', async (options, signal) => {
    const { method = 'GET', dataType = 'json', responseType = 'text' } = options;
    const headers = { 'content-type': 'application/json', ...options.header };
    const { url, body } = addressAndBody(options.url, method.toUpperCase(), options.data, headers);
    const answer = await send(url, { method: method.toUpperCase(), headers, body, signal });
    const data = responseType === 'arraybuffer' ? await answer.arrayBuffer() : read(await answer.text(), dataType);
    return { data, ...described(answer), cookies: [] };
  }),

  uploadFile: task('uploadFile', async (options, signal) => {
    const { blob, name } = fileAt(options.filePath);
    const form = new FormData();
    for (const [key, value] of Object.entries(options.formData || {})) form.append(key, value);
    form.append(options.name, blob, name || options.filePath.split('/').at(-1));
    const answer = await send(options.url, {
      method: 'POST',
      headers: withoutType(options.header),
      body: form,
      signal,
    });
    // WeChat hands the answer of an upload over as text.
    return { data: await answer.text(), ...described(answer) };
  }),

  downloadFile: task('downloadFile', async (options, signal) => {
    const answer = await send(options.url, { headers: withoutType(options.header), signal });
    const tempFilePath = keep(await answer.blob(), new URL(answer.url).pathname);
    return { tempFilePath, ...described(answer) };
  }),

  getNetworkType: asynchronous('getNetworkType', () => ({ networkType: state().networkType })),
  onNetworkStatusChange: (listener) => listeners.add(listener),
  offNetworkStatusChange: (listener) => (listener ? listeners.delete(listener) : listeners.clear()),
};

/** These three give a task, never a promise. */
function task(name, run) {
  return (options) => {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort('timeout'), options.timeout || TIMEOUT);
    const outcome = run(options, control.signal)
      .then(
        (found) => ({ ...found, errMsg: `${name}:ok` }),
        (error) => {
          throw failed(name, control.signal.aborted ? new Failure(String(control.signal.reason)) : error);
        },
      )
      .finally(() => clearTimeout(timer));
    settle(outcome, options);
    const ignored = () => {};
    return {
      abort: () => control.abort('abort'),
      onHeadersReceived: ignored,
      offHeadersReceived: ignored,
      onProgressUpdate: ignored,
      offProgressUpdate: ignored,
      onChunkReceived: ignored,
      offChunkReceived: ignored,
    };
  };
}

async function send(url, given) {
  const target = new URL(url, location.origin);
  if (target.origin !== location.origin) throw new Failure('url not in domain list');
  if (!isOnline()) throw new Failure('', { errno: 600001 });
  let answer;
  try {
    answer = await fetch(target, { ...given, credentials: 'omit', cache: 'no-store' });
  } catch (error) {
    throw given.signal.aborted ? error : new Failure('', { errno: 600001 });
  }
  if (answer.headers.has(UNREACHABLE)) throw new Failure('', { errno: 600001 });
  return answer;
}

function addressAndBody(url, method, data, headers) {
  if (data === undefined || data === null) return { url };
  const isPlain = typeof data === 'object' && !(data instanceof ArrayBuffer);
  if (method === 'GET' && isPlain) {
    const query = asForm(data);
    return { url: query ? `${url}${url.includes('?') ? '&' : '?'}${query}` : url };
  }
  if (method === 'GET' || method === 'HEAD') return { url };
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] || '';
  const isForm = type.includes('x-www-form-urlencoded');
  return { url, body: isPlain ? (isForm ? asForm(data) : JSON.stringify(data)) : data };
}

function asForm(data) {
  const given = Object.entries(data).filter(([, value]) => value !== undefined);
  return given.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}

function read(text, dataType) {
  if (dataType !== 'json') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The form brings its own type, with its boundary. */
function withoutType(headers = {}) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-type'));
}

/** Names of headers arrive in whatever case the phone likes: `Etag` here, so that nobody relies on one. */
function described(answer) {
  const title = (name) => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
  return {
    statusCode: answer.status,
    header: Object.fromEntries([...answer.headers].map(([name, value]) => [title(name), value])),
  };
}
