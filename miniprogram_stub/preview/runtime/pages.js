// The stack of pages. A covered page keeps its state and its elements; it is hidden, not gone.
import { makePage } from './page.js';
import { drawBar, drawTabs } from './shell.js';
import { parseUrl } from './urls.js';

/** WeChat refuses an eleventh page. */
const LIMIT = 10;

let config;
let tabs = [];
let stack = [];
/** Tab pages stay alive while another tab is shown. */
const idleTabs = new Map();

export function registerPages(given) {
  config = given;
  tabs = (config.tabBar?.list || []).map(({ pagePath }) => pagePath);
  globalThis.getCurrentPages = () => stack.map((page) => page.instance);
}

export const current = () => stack.at(-1);
export const depth = () => stack.length;
export const firstPage = () => config.pages[0];

/** The page on which an element of the document is. */
export const pageOf = (element) => {
  const layer = element.closest('.layer');
  return [...stack, ...idleTabs.values()].find((page) => page.layer === layer);
};

/** Thrown by an act that WeChat would refuse; the text follows `navigateTo:fail `. */
export class NavigationRefused extends Error {}

/** Begin anew with this page. `onMissing` may take care of an address that leads nowhere. */
export function open(url, { onMissing, fallback } = {}) {
  const { path, query } = parseUrl(url);
  if (config.pages.includes(path)) return relaunch(url);
  if (onMissing?.(path, query)) {
    // It has to open a page of its own; until then there is none.
    if (!stack.length && fallback) setTimeout(() => stack.length || relaunch(fallback));
    return null;
  }
  return relaunch(fallback || config.pages[0]);
}

export function relaunch(url) {
  const target = find(url);
  closeFrom(0);
  for (const page of idleTabs.values()) page.close();
  idleTabs.clear();
  return push(target);
}

/** `prepare` sees the new page before it loads. */
export function navigateTo(url, prepare) {
  const target = find(url);
  if (tabs.includes(target.path)) throw new NavigationRefused('can not navigateTo a tabbar page');
  if (stack.length >= LIMIT) throw new NavigationRefused('webview count limit exceed');
  current()?.hide();
  return push(target, prepare);
}

export function redirectTo(url) {
  const target = find(url);
  if (tabs.includes(target.path)) throw new NavigationRefused('can not redirectTo a tabbar page');
  closeFrom(Math.max(stack.length - 1, 0));
  return push(target);
}

export function navigateBack(delta = 1) {
  if (stack.length < 2) throw new NavigationRefused('cannot navigate back at first page.');
  closeFrom(Math.max(stack.length - delta, 1));
  reveal();
}

export function switchTab(url) {
  const { path } = find(url);
  if (!tabs.includes(path)) throw new NavigationRefused('can not switch to no-tabBar page');
  const shown = current();
  closeFrom(1);
  const base = stack[0];
  if (base?.path === path) {
    if (shown !== base) reveal();
    return;
  }
  if (base && tabs.includes(base.path)) {
    if (shown === base) base.hide();
    idleTabs.set(base.path, base);
    stack = [];
  } else {
    closeFrom(0);
  }
  const idle = idleTabs.get(path);
  if (!idle) return push({ path, query: {} });
  idleTabs.delete(path);
  stack = [idle];
  reveal();
}

function find(url) {
  const target = parseUrl(url, current()?.path);
  if (!config.pages.includes(target.path)) throw new NavigationRefused(`page "${target.path}" is not found`);
  return target;
}

function push({ path, query }, prepare) {
  const page = makePage(config, path, query);
  prepare?.(page);
  stack.push(page);
  page.load();
  // A page may send its visitor on while it loads.
  if (current() === page) reveal(false);
  return page;
}

function closeFrom(index) {
  const closed = stack.splice(index);
  for (const page of closed.reverse()) page.close();
}

function reveal(isBack = true) {
  const page = current();
  page.show(isBack);
  const query = Object.entries(page.query).map(([name, value]) => `${name}=${value}`);
  const address = `#/${page.path}${query.length ? `?${query.join('&')}` : ''}`;
  // Replaced, not added: a change that the browser reports is then one made by hand.
  history.replaceState(null, '', address);
  if (window.parent !== window) window.parent.postMessage({ address }, location.origin);
  drawBar(page);
  drawTabs(config.tabBar, page.path);
}
