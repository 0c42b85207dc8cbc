// The life of the mini program as a whole: App, getApp, showing, hiding, errors.
import { open } from './pages.js';
import { parseUrl } from './urls.js';

const SCENE_MAIN = 1001;
const SCENE_QR = 1011;
const SCENE_MESSAGE = 1107;

let app = {};
let launched;
let entry = { path: '', query: {}, scene: SCENE_MAIN, shareTicket: undefined, referrerInfo: {} };
let isHidden = false;
const listeners = {
  AppShow: new Set(),
  AppHide: new Set(),
  Error: new Set(),
  UnhandledRejection: new Set(),
  PageNotFound: new Set(),
};

/** Run app.js. */
export function startApp(run) {
  globalThis.App = (definition) => {
    app = definition;
  };
  globalThis.getApp = () => app;
  run();
}

export const listen = (name, listener) => listeners[name].add(listener);
export const unlisten = (name, listener) => (listener ? listeners[name].delete(listener) : listeners[name].clear());
export const entryOptions = () => ({ ...entry, query: { ...entry.query } });
export const launchOptions = () => launched;

/** Open what the address asks for, else the first page. */
export function launch(config) {
  watchErrors();
  const wanted = location.hash.slice(1) || config.pages[0];
  enter(wanted);
  launched = entryOptions();
  app.onLaunch?.(entryOptions());
  tellShown();
  open(wanted, { onMissing: missing, fallback: config.pages[0] });
  window.addEventListener('hashchange', () => reenter(location.hash.slice(1) || config.pages[0]));
}

/** The mini program is opened again while it runs: a scan, a message, an address typed by hand. */
export function reenter(url) {
  enter(url);
  if (isHidden) tellShown();
  open(url, { onMissing: missing });
}

/** It goes to the background, or comes back. */
export function setHidden(hidden) {
  if (hidden === isHidden) return;
  if (!hidden) return tellShown();
  isHidden = true;
  app.onHide?.();
  for (const listener of listeners.AppHide) listener();
}

function enter(url) {
  const { path, query } = parseUrl(url);
  const scene = query.q !== undefined ? SCENE_QR : isHidden || !entry.path ? SCENE_MAIN : SCENE_MESSAGE;
  entry = { path, query, scene, shareTicket: undefined, referrerInfo: {} };
}

function tellShown() {
  isHidden = false;
  app.onShow?.(entryOptions());
  for (const listener of listeners.AppShow) listener(entryOptions());
}

/** Whether anybody took care of an address that leads nowhere. */
function missing(path, query) {
  const what = { path, query, isEntryPage: true, openType: 'appLaunch' };
  app.onPageNotFound?.(what);
  for (const listener of listeners.PageNotFound) listener(what);
  return Boolean(app.onPageNotFound) || listeners.PageNotFound.size > 0;
}

function watchErrors() {
  window.addEventListener('error', ({ error, message }) => {
    const text = error?.stack || message;
    app.onError?.(text);
    for (const listener of listeners.Error) listener(text);
  });
  window.addEventListener('unhandledrejection', ({ reason, promise }) => {
    app.onUnhandledRejection?.({ reason, promise });
    for (const listener of listeners.UnhandledRejection) listener({ reason, promise });
  });
}
