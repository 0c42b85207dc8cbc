// WXSS into CSS: WeChat's unit and element names, and which style reaches which element.
//
// The engine gives every class of an isolated component a prefix (`scopeOf`), so its style sheet gets the same. Pages
// and app.wxss keep plain names: an isolated component has none of those, one with addGlobalClass has both. All pages
// live in one document here, in WeChat each has its own: a page's rules are tied to its element by `:where`, which
// adds no weight to them.
import postcss from 'postcss';
import { TAGS } from '../runtime/builtin/names.js';
import { convertLengths } from '../runtime/lengths.js';
import { readText, resolvePath } from './app.mjs';

const ELEMENTS = new Set(['page', ...TAGS]);
const SHARED = new Set(['shared', 'page-shared']);

/** The prefix of an isolated component's classes. */
export function scopeOf(unit) {
  return unit.replace(/[^A-Za-z0-9]/g, '_');
}

/** Whether the unit's classes are plain: every page, and a component that says so. */
export function isPlain(config) {
  return !config.component || SHARED.has(config.styleIsolation);
}

/** The style sheet of the whole mini program. */
export function styleSheets(app) {
  const sheets = [sheet(app, 'app', (selector) => selector)];
  // Components first: where both say something about an element, the page's word is the later one.
  const units = [...app.units].sort(([a], [b]) => app.pages.includes(a) - app.pages.includes(b));
  for (const [unit, config] of units) {
    if (app.pages.includes(unit)) sheets.push(sheet(app, unit, (selector) => tie(selector, unit)));
    else if (isPlain(config)) sheets.push(sheet(app, unit, (selector) => selector));
    else sheets.push(sheet(app, unit, (selector) => prefix(selector, scopeOf(unit))));
  }
  return sheets.join('\n');
}

function sheet(app, unit, place) {
  const root = postcss.parse(withImports(app, `${unit}.wxss`), { from: `${unit}.wxss` });
  root.walkDecls((declaration) => {
    declaration.value = convertLengths(declaration.value);
    if (/url\((?!\s*['"]?(data:|https?:))/.test(declaration.value)) {
      app.warnings.push(`${unit}.wxss：微信里样式不能用本地图片：${declaration.value}`);
    }
  });
  root.walkRules((rule) => {
    if (/keyframes$/.test(rule.parent.name || '')) return;
    if (/#[A-Za-z_]/.test(rule.selector)) app.warnings.push(`${unit}.wxss：预览里 id 选择器不起作用：${rule.selector}`);
    rule.selectors = rule.selectors.map((selector) => place(renameElements(selector)));
  });
  return root.toString();
}

function withImports(app, name, seen = new Set()) {
  if (seen.has(name)) return '';
  seen.add(name);
  return readText(app.root, name).replace(/@import\s+(?:url\()?['"]([^'"]+)['"]\)?\s*;/g, (_, written) =>
    withImports(app, resolvePath(name, written), seen),
  );
}

/** `view` → `wx-view`: the browser has its own ideas of what an input or a button is. */
function renameElements(selector) {
  return selector.replace(/(^|[\s>+~,(])([a-z][\w-]*)/g, (whole, before, name) =>
    ELEMENTS.has(name) ? `${before}wx-${name}` : whole,
  );
}

function tie(selector, page) {
  const where = `:where([data-route="${page}"])`;
  const start = /^wx-page(?![\w-])/;
  return start.test(selector) ? selector.replace(start, `wx-page${where}`) : `${where} ${selector}`;
}

function prefix(selector, scope) {
  return selector.replace(/:host\b/g, `[wx-host="${scope}"]`).replace(/\.(?=[A-Za-z_-])/g, `.${scope}--`);
}
