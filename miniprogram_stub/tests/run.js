/**
 * Runs every test below the named folder in one process: WeChat's compiler and the document are set up once.
 * Usage: node --test-reporter=tap tests/run.js folder [part of a file's name]
 */
const fs = require('node:fs');
const path = require('node:path');

const [folder, part = ''] = process.argv.slice(2);
const found = fs
  .readdirSync(path.join(__dirname, folder), { recursive: true })
  .filter((name) => name.endsWith('.test.js') && name.includes(part))
  .sort();
if (!found.length) throw new Error(`no tests in ${folder}`);
for (const name of found) require(path.join(__dirname, folder, name));
