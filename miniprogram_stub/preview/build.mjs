// Builds the mini program's sources, as WeChat reads them, into files a browser reads.
// Usage: node build.mjs SOURCES OUTPUT TOKENS [API_BASE]
// SOURCES is the folder of app.json; TOKENS is the portal's tokens.css; API_BASE replaces config.js's (default: none,
// so that requests go to the address the preview was opened from).
import fs from 'node:fs';
import path from 'node:path';
import { readApp } from './build/app.mjs';
import { bundle } from './build/bundle.mjs';
import { frame } from './build/frame.mjs';
import { styleSheets } from './build/styles.mjs';
import { compileTemplates } from './build/templates.mjs';

const [sources, output, tokens, apiBase = ''] = process.argv.slice(2);
if (!sources || !output || !tokens) {
  console.error('用法：node build.mjs 小程序目录 输出目录 tokens.css');
  process.exit(2);
}

try {
  const started = Date.now();
  fs.mkdirSync(output, { recursive: true });
  const app = readApp(path.resolve(sources));
  const templates = compileTemplates(app);
  fs.writeFileSync(path.join(output, 'app.css'), styleSheets(app));
  await bundle(app, templates, path.resolve(output), apiBase);
  await frame(path.resolve(output), path.resolve(tokens));
  copyAssets(app.root, path.join(output, 'files'));
  for (const warning of app.warnings) console.warn(`注意：${warning}`);
  console.log(
    `预览已生成：${app.pages.length} 个页面，${app.units.size - app.pages.length} 个组件，${Date.now() - started} 毫秒`,
  );
} catch (error) {
  if (!error.isRefusal && !error.errors) throw error;
  console.error(error.message);
  process.exit(1);
}

/** Everything that is not source: pictures, mostly. */
function copyAssets(root, target) {
  fs.rmSync(target, { recursive: true, force: true });
  fs.cpSync(root, target, {
    recursive: true,
    filter: (from) => fs.statSync(from).isDirectory() || !/\.(js|json|wxml|wxss|wxs|ts|md)$/.test(from),
  });
}
