/** Pages above one another, as `wx.navigateTo` and its kin leave them. */
const { exparser, newPlace } = require('./dom');
const project = require('./project');

const DEEPEST = 10;

/** @type {{path: string, query: Record<string, string>, component: any, instance: any}[]} */
const stack = [];
globalThis.getCurrentPages = () => stack.map((entry) => entry.instance);

/** @returns {any} the entry on top */
const top = () => stack[stack.length - 1];

const call = (entry, event, ...given) => entry.instance[event]?.(...given);

/** Every component of the page hears of it too. */
function tellComponents(entry, event) {
  entry.component._exparserNode.triggerPageLifeTime?.(event, []);
}

/** @param {string} path as in app.json @param {Record<string, string>} query */
function push(path, query) {
  if (!project.pagePaths().includes(path)) throw new Error(`page "${path}" is not found`);
  if (stack.length >= DEEPEST) throw new Error('webview count limit exceed');
  const component = project.render(path);
  const { instance } = component;
  Object.assign(instance, { route: path, options: query });
  const entry = { path, query, component, instance };
  stack.push(entry);
  component.attach(newPlace());
  call(entry, 'onLoad', query);
  show(entry);
  call(entry, 'onReady');
  return entry;
}

function show(entry) {
  call(entry, 'onShow');
  tellComponents(entry, 'show');
}

function hide(entry) {
  call(entry, 'onHide');
  tellComponents(entry, 'hide');
}

function pop() {
  const entry = stack.pop();
  call(entry, 'onUnload');
  const place = entry.component.parentNode;
  entry.component.detach();
  place.remove();
}

function clear() {
  while (stack.length) pop();
}

/** Take all away as a killed mini program does: nobody is told. */
function drop() {
  for (const { component } of stack.splice(0)) {
    const place = component.parentNode;
    exparser.Element.pretendDetached(component._exparserNode);
    place.remove();
  }
}

/** @param {string} url from the root, or from the page on top @returns {{path: string, query: Record<string, string>}} */
function parse(url) {
  const [address, search = ''] = url.split(/\?(.*)/s);
  const base = top() ? `/${top().path}` : '/';
  const path = new URL(address, `http://page${base}`).pathname.slice(1);
  const pairs = search.split('&').filter(Boolean);
  // WeChat gives the values to onLoad as they were written: what was encoded is still encoded.
  const query = Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2)).map(([name, value = '']) => [name, value]));
  return { path, query };
}

const navigation = {
  navigateTo({ url }) {
    const { path, query } = parse(url);
    if (stack.length >= DEEPEST) throw new Error('webview count limit exceed');
    if (top()) hide(top());
    push(path, query);
  },
  redirectTo({ url }) {
    const { path, query } = parse(url);
    pop();
    push(path, query);
  },
  reLaunch({ url }) {
    const { path, query } = parse(url);
    clear();
    push(path, query);
  },
  switchTab({ url }) {
    const { path } = parse(url);
    const tabs = (project.appJson().tabBar?.list || []).map((tab) => tab.pagePath);
    if (!tabs.includes(path)) throw new Error(`can not switch to no-tabBar page: ${path}`);
    clear();
    push(path, {});
  },
  navigateBack({ delta = 1 } = {}) {
    for (let left = Math.min(delta, stack.length - 1); left > 0; left -= 1) pop();
    show(top());
  },
};

module.exports = { clear, drop, hide, navigation, parse, push, show, stack, top };
