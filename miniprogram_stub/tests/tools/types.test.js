/** The types that `npm run types` checks by: a fault of each kind is found. */
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');

const ROOT = path.join(__dirname, '../..');

const FAULTS = {
  'a function WeChat does not have': 'wx.showTost({ title: "" });',
  'a setting WeChat does not have': 'wx.navigateTo({ ulr: "" });',
  'a method the page does not have': 'Page({ onLoad() { this.setDta({}); } });',
  'a kind of value that was not promised': '/** @param {number} a */ const twice = (a) => 2 * a;\ntwice("1");',
  'something that may be missing': '/** @param {string | null} a */ const size = (a) => a.length;\nsize("");',
  'a parameter nobody described': 'const size = (a) => a.length;\nsize("");',
};
const RIGHT = '/** @param {string} a */ const size = (a) => a.length;\nwx.showToast({ title: String(size("")) });';

test('types: each fault is found in its file, and nothing in what is right', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shouwen-types-'));
  const names = Object.keys(FAULTS);
  names.forEach((name, at) => fs.writeFileSync(path.join(folder, `fault${at}.js`), FAULTS[name]));
  fs.writeFileSync(path.join(folder, 'right.js'), RIGHT);
  const settings = { extends: path.join(ROOT, 'tsconfig.json'), compilerOptions: { typeRoots: [path.join(ROOT, 'node_modules')] }, include: ['*.js'] };
  fs.writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const { stdout } = spawnSync(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'], { cwd: folder, encoding: 'utf8' });
  fs.rmSync(folder, { recursive: true });
  assert.deepEqual(names.filter((_, at) => !stdout.includes(`fault${at}.js(`)), [], stdout);
  assert.ok(!stdout.includes('right.js('), stdout);
});
