// WXML and WXS by WeChat's own open compiler, into one script.
import compiler from 'glass-easel-template-compiler';
import { BUILT_IN } from '../runtime/builtin/names.js';
import { Refusal, readText, resolvePath } from './app.mjs';

/** The source of an expression: an object of templates by path. */
export function compileTemplates(app) {
  const group = new compiler.TmplGroup();
  const added = new Set();

  function addTemplate(unit) {
    if (added.has(unit)) return;
    added.add(unit);
    const source = readText(app.root, `${unit}.wxml`);
    for (const found of group.addTmpl(unit, source) || []) report(app, found);
    warnOfUnknownTags(app, unit, source);
    for (const [, written] of source.matchAll(/<(?:import|include)\s[^>]*?src="([^"]+)"/g)) {
      addTemplate(resolvePath(unit, written, '.wxml'));
    }
    for (const [, written] of source.matchAll(/<wxs\s[^>]*?src="([^"]+)"/g))
      addScript(resolvePath(unit, written, '.wxs'));
  }

  function addScript(name) {
    if (added.has(`${name}.wxs`)) return;
    added.add(`${name}.wxs`);
    const source = readText(app.root, `${name}.wxs`);
    if (!source) throw new Refusal(`没有 ${name}.wxs`);
    // Templates ask for it without its suffix, other scripts with it.
    group.addScript(name, source);
    group.addScript(`${name}.wxs`, source);
    for (const [, written] of source.matchAll(/require\(\s*['"]([^'"]+)['"]\s*\)/g))
      addScript(resolvePath(name, written, '.wxs'));
  }

  for (const unit of app.units.keys()) addTemplate(unit);
  return group.getTmplGenObjectGroups();
}

function report(app, found) {
  const line = `${found.path}.wxml 第 ${found.startLine + 1} 行：${found.message}`;
  if (found.isError) throw new Refusal(line);
  if (found.level === 'Warn') app.warnings.push(line);
}

/** Only a unit's own templates: what an imported file may use is known where it is used. */
function warnOfUnknownTags(app, unit, source) {
  const config = app.units.get(unit);
  if (!config) return;
  const markup = source.replace(/<!--[\s\S]*?-->|<wxs[\s\S]*?<\/wxs>/g, '').replace(/\{\{[\s\S]*?\}\}/g, '');
  for (const tag of new Set([...markup.matchAll(/<([a-z][\w-]*)/g)].map(([, name]) => name))) {
    const isKnown = BUILT_IN.has(tag) || tag in config.usingComponents || tag in (config.componentGenerics || {});
    if (!isKnown) app.warnings.push(`${unit}.wxml：预览没有 <${tag}>，它里面的内容照常显示`);
  }
}
