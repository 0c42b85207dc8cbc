/** The mini program a file belongs to: its root, what `app.json` and the file's own JSON say, the components they name. */
const fs = require('node:fs');
const path = require('node:path');

const BUILT_IN = new Set(
  (
    'block template import include wxs slot view text button input textarea picker picker-view picker-view-column switch radio ' +
    'radio-group checkbox checkbox-group form label image icon scroll-view swiper swiper-item navigator rich-text progress ' +
    'slider video web-view page-meta navigation-bar root-portal match-media movable-area movable-view cover-view page-container'
  ).split(' '),
);

/** @param {string} file @returns {string | null} the folder with `app.json` above it */
function rootOf(file) {
  for (let folder = path.dirname(path.resolve(file)); ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, 'app.json'))) return folder;
    if (folder === path.dirname(folder)) return null;
  }
}

const jsonOf = (file) => (fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {});

/** @param {string} file a WXML @returns {Record<string, string>} components it may use, with their files, without ending */
function componentsOf(file) {
  const root = rootOf(file);
  if (!root) return {};
  const own = jsonOf(file.replace(/\.wxml$/, '.json')).usingComponents || {};
  const everywhere = jsonOf(path.join(root, 'app.json')).usingComponents || {};
  const placed = (from) => (given) => path.join(given.startsWith('/') ? root : from, given);
  return {
    ...mapped(everywhere, placed(root)),
    ...mapped(own, placed(path.dirname(path.resolve(file)))),
  };
}

/** @param {string} file a WXML @returns {string[]} components its own JSON names */
const namedBy = (file) => Object.keys(jsonOf(file.replace(/\.wxml$/, '.json')).usingComponents || {});

const mapped = (object, change) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));

/** @param {string} file @returns {string[]} paths of pages, without a leading slash */
function pagesOf(file) {
  const root = rootOf(file);
  if (!root) return [];
  const { pages = [], subPackages = [] } = jsonOf(path.join(root, 'app.json'));
  return [...pages, ...subPackages.flatMap((one) => one.pages.map((page) => path.posix.join(one.root, page)))];
}

const textOf = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null);

module.exports = { BUILT_IN, componentsOf, namedBy, pagesOf, rootOf, textOf };
