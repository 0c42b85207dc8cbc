// What app.json says, followed to every page and component it leads to.
import fs from 'node:fs';
import path from 'node:path';

/** A mistake in the mini program that ends the build with one line. */
export class Refusal extends Error {
  isRefusal = true;
}

/**
 * Reads app.json with its sub-packages, and every component that a page uses.
 * `units` maps a path without suffix to its configuration, each unit after those it uses.
 */
export function readApp(root) {
  const config = readJson(root, 'app.json');
  if (!config) throw new Refusal(`没有 ${path.join(root, 'app.json')}`);
  const packages = config.subPackages || config.subpackages || [];
  const pages = [
    ...config.pages,
    ...packages.flatMap(({ root: folder, pages: own }) => own.map((page) => path.posix.join(folder, page))),
  ];
  const app = { root, config, pages, units: new Map(), warnings: [] };
  const shared = resolveUsing(app, 'app', config.usingComponents);
  for (const page of pages) addUnit(app, page, shared, true);
  return app;
}

export function readText(root, name) {
  const file = path.join(root, name);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

/** A path written in `from`, as seen from the root and without suffix. */
export function resolvePath(from, written, suffix = '') {
  const whole = written.startsWith('/') ? written.slice(1) : path.posix.join(path.posix.dirname(from), written);
  return suffix && whole.endsWith(suffix) ? whole.slice(0, -suffix.length) : whole;
}

function addUnit(app, unit, shared, isPage) {
  if (app.units.has(unit) || app.beingRead?.has(unit)) return;
  const config = readJson(app.root, `${unit}.json`) || {};
  const script = readText(app.root, `${unit}.js`);
  if (!script) throw new Refusal(`没有 ${unit}.js，它写在${isPage ? ' app.json 里' : '页面的 usingComponents 里'}`);
  if (!fs.existsSync(path.join(app.root, `${unit}.wxml`))) throw new Refusal(`没有 ${unit}.wxml`);
  if (!isPage && !config.component) throw new Refusal(`${unit}.json 没有 "component": true`);
  config.usingComponents = { ...shared, ...resolveUsing(app, unit, config.usingComponents) };
  // The engine reads these from the JSON file alone; WeChat takes them from the script's options as well.
  config.styleIsolation ??= /styleIsolation:\s*['"]([\w-]+)['"]/.exec(script)?.[1];
  if (/addGlobalClass:\s*true/.test(script)) config.addGlobalClass = true;
  // A component may use itself, directly or around a corner.
  app.beingRead = new Set(app.beingRead).add(unit);
  for (const used of Object.values(config.usingComponents)) addUnit(app, used.slice(1), {}, false);
  app.beingRead.delete(unit);
  app.units.set(unit, config);
}

function resolveUsing(app, from, using = {}) {
  return Object.fromEntries(
    Object.entries(using).map(([tag, written]) => {
      if (/^plugin(-private)?:/.test(written)) throw new Refusal(`${from}.json：预览不支持插件 ${written}`);
      return [tag, `/${resolvePath(from, written)}`];
    }),
  );
}

function readJson(root, name) {
  const text = readText(root, name);
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(`${name}：${error.message}`);
  }
}
