/**
 * WeChat's own compiler, as DevTools and the upload run it, without an AppID and without a network.
 * Usage: node compile.js <folder with node_modules> <private key> <answer> <project>...
 * The answer is JSON, for each project `{files: {path: bytes}}` of what would be uploaded, or `{error}`: file, line and
 * what is wrong.
 */
const fs = require('node:fs');
const { createRequire } = require('node:module');
const os = require('node:os');
const path = require('node:path');

const [modules, privateKeyPath, answerPath, ...projects] = process.argv.slice(2);
const ci = createRequire(path.join(modules, 'node_modules', 'any.js'))('miniprogram-ci');

// What the compiler would ask WeChat about an AppID: limits as documented, in MB.
const ATTRIBUTES = {
  platform: false,
  appType: 0,
  gameApp: false,
  isSandbox: false,
  released: false,
  setting: {
    MaxCodeSize: 2,
    MaxSubpackageSubCodeSize: 2,
    MaxSubpackageFullCodeSize: 20,
    NavigateMiniprogramLimit: 10,
    MaxSubPackageLimit: 100,
    MinTabbarCount: 2,
    MaxTabbarCount: 5,
    MaxTabbarIconSize: 40,
  },
};
// Scripts are minified too when they are uploaded: most of the time it takes, and they only get smaller than here.
const SETTING = { es6: true, minify: false, minifyWXML: true, minifyWXSS: true };

/** @param {string} projectPath @returns {Promise<Record<string, number>>} */
async function compile(projectPath) {
  const project = new ci.Project({ appid: 'wx0123456789abcdef', type: 'miniProgram', projectPath, privateKeyPath, ignores: [] });
  project.attr = async () => ATTRIBUTES;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shouwen-compiled-'));
  try {
    const how = { project, version: '1', desc: '', setting: SETTING, onProgressUpdate() {} };
    const compiled = await ci.getCompiledResult(how, path.join(folder, 'compiled.zip'));
    return Object.fromEntries(Object.entries(compiled).map(([name, content]) => [name, Buffer.byteLength(content)]));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** @param {any} error the compiler puts the line into its text, and the file beside it */
const failure = (error) => ({ error: `${error?.path || ''}: ${error?.message || error}` });

async function compileAll() {
  const answers = [];
  for (const project of projects) answers.push(await compile(project).then((files) => ({ files }), failure));
  fs.writeFileSync(answerPath, JSON.stringify(answers));
  // Its worker processes would keep this one waiting.
  process.exit(0);
}

compileAll();
