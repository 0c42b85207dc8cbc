/** The sources as WeChat runs them: `app.js` at a start, then pages by their path, each compiled and defined once. */
const fs = require('node:fs');
const path = require('node:path');

const { simulate } = require('./dom');

const ROOT = path.resolve(process.env.MINIPROGRAM_ROOT || path.join(__dirname, '../../miniprogram'));
const COMPILER = { maxBuffer: 64 << 20 };

/** @type {{app: any, ids: Map<string, string>}} */
const running = { app: null, ids: new Map() };

globalThis.App = (options) => {
  running.app = Object.assign(Object.create(null), options);
};
globalThis.getApp = () => running.app;

/** A page is a component whose own functions are its methods and whose other fields stand on the instance. */
globalThis.Page = ({ data, behaviors, options, ...own }) => {
  const methods = Object.fromEntries(Object.entries(own).filter(([, value]) => typeof value === 'function'));
  const fields = Object.entries(own).filter(([, value]) => typeof value !== 'function');
  globalThis.Component({
    data,
    behaviors,
    methods,
    options: { addGlobalClass: true, ...options },
    lifetimes: {
      created() {
        for (const [name, value] of fields) this[name] = structuredClone(value);
      },
    },
  });
};

/** @returns {any} what `app.json` says */
const appJson = () => JSON.parse(fs.readFileSync(path.join(ROOT, 'app.json'), 'utf8'));

/** @returns {string[]} every page, those of sub-packages with the sub-package's root before them */
function pagePaths() {
  const { pages, subPackages = [], subpackages = subPackages } = appJson();
  return [...pages, ...subpackages.flatMap((one) => one.pages.map((page) => `${one.root.replace(/\/$/, '')}/${page}`))];
}

/** Forget everything that ran, as when WeChat has killed the mini program. Only what was compiled from WXML stays. */
function kill() {
  running.app = null;
  running.ids.clear();
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(ROOT + path.sep)) delete require.cache[file];
  }
}

/** @param {any} options what WeChat tells `onLaunch` and `onShow` */
function start(options) {
  require(path.join(ROOT, 'app.js'));
  for (const event of ['onLaunch', 'onShow']) if (running.app?.[event]) running.app[event](options);
}

/**
 * @param {string} pagePath as in `app.json`
 * @returns {any} a rendered component of miniprogram-simulate
 */
function render(pagePath) {
  if (!running.ids.has(pagePath)) {
    const { usingComponents = {} } = appJson();
    const options = { rootPath: ROOT, compiler: 'official', compilerOptions: COMPILER, usingComponents };
    running.ids.set(pagePath, simulate.load(path.join(ROOT, pagePath), 'page', options));
  }
  return simulate.render(running.ids.get(pagePath));
}

/** @returns {string} where the sources think their server is; requests to anywhere else are refused, as in WeChat */
const serverInSources = () => require(path.join(ROOT, 'config.js')).apiBase;

module.exports = { ROOT, appJson, kill, pagePaths, render, serverInSources, start };
