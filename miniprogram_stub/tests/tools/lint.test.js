/** Each rule, shown a fault it is there for and the same thing done right, by the configuration that `npm run lint` uses. */
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { ESLint } = require('eslint');

const config = require('../../eslint.config.js');

const PAGE = 'pages/home/index.wxml';
const STYLE = 'pages/home/index.wxss';
const SCRIPT = 'pages/home/index.js';
const COMPONENT = 'components/ui-tick/ui-tick.wxss';

const AROUND = {
  'app.json': '{"pages": ["pages/home/index"], "usingComponents": {"ui-icon": "/components/ui-icon/ui-icon", "ui-tick": "/components/ui-tick/ui-tick"}}',
  'config.js': "module.exports = { apiBase: 'https://shouwen.example.cn' };\n",
  'styles/tokens.wxss': 'page { --ink: #222222; }\n',
  'components/ui-tick/ui-tick.wxml': '<button bindtap="tell">好</button>\n',
  'components/ui-icon/ui-icon.wxml': '<view />\n',
  'lib/page.js': 'const definePage = (page) => Page({ ...page, retry() {} });\n\nmodule.exports = { definePage };\n',
  [SCRIPT]: "const { definePage } = require('../../lib/page');\n\ndefinePage({ open() {}, write: () => 1 });\n",
};

/** @type {[string, string, string, string][]} rule, file, a fault, the same done right */
const CASES = [
  ['', PAGE, '<view><text>a</view>', '<view><text>a</text></view>'],
  ['wxml/wx-key', PAGE, '<view wx:for="{{a}}" />', '<view wx:for="{{a}}" wx:key="id" />'],
  ['wxml/wx-key', PAGE, '<view wx:for="{{a}}" wx:key="{{item.id}}" />', '<view wx:for="{{a}}" wx:key="*this" />'],
  ['wxml/no-duplicate-attributes', PAGE, '<view class="a" class="b" />', '<view class="a b" />'],
  ['wxml/expression', PAGE, '<view>{{ a + }}</view>', '<view>{{ a + 1 }}</view>'],
  ['wxml/expression', PAGE, '<view hidden="{{ a?.b }}" />', '<view hidden="{{ a && a.b }}" />'],
  ['wxml/expression', PAGE, '<view>{{ name() }}</view>', '<view>{{ words.name(a) }}</view>'],
  ['wxml/expression', PAGE, '<template is="a" data="{{ b:: 1 }}" />', '<template is="a" data="{{ b, c: 1, ...d }}" />'],
  ['wxml/known-handler', PAGE, '<button bindtap="shut">关</button>', '<button bindtap="open">开</button>'],
  ['wxml/known-handler', PAGE, '<button bind:tap="again">再来</button>', '<button bind:tap="retry">再来</button>'],
  ['wxml/known-component', PAGE, '<ui-none />', '<ui-icon />'],
  ['wxml/no-remote', PAGE, '<image src="https://cdn.example.com/a.png" aria-label="图" />', '<image src="/images/a.png" aria-label="图" />'],
  ['wxml/maxlength', PAGE, '<textarea aria-label="内容" />', '<textarea aria-label="内容" maxlength="{{limit}}" />'],
  ['wxml/maxlength', PAGE, '<input aria-label="姓名" />', '<input aria-label="姓名" maxlength="50" />'],
  ['wxml/accessible-name', PAGE, '<button bindtap="open"><ui-icon /></button>', '<button bindtap="open" aria-label="打开"><ui-icon /></button>'],
  ['wxml/accessible-name', PAGE, '<input maxlength="5" placeholder="姓名" />', '<input maxlength="5" aria-label="{{label}}" />'],
  ['wxml/accessible-name', PAGE, '<switch />', '<label>大字版<switch /></label>'],
  ['wxml/accessible-name', PAGE, '<navigator url="/pages/home/index" />', '<navigator url="/pages/home/index">首页</navigator>'],
  ['wxml/tap-role', PAGE, '<view bindtap="open">开</view>', '<view bindtap="open" aria-role="button">开</view>'],
  ['wxml/tap-role', PAGE, '<view catch:tap="open" aria-role="button"><ui-icon /></view>', '<view catch:tap="open" aria-role="button" aria-label="开" />'],
  ['wxml/tap-role', PAGE, '<ui-icon bindtap="open" />', '<ui-tick bindtap="open" />'],
  ['wxml/image', PAGE, '<image src="/a.png" />', '<image src="/a.png" aria-hidden="true" />'],
  ['wxml/no-hidden-control', PAGE, '<view aria-hidden="true"><button bindtap="open">开</button></view>', '<view aria-hidden="true">·</view>'],
  ['', STYLE, '.a { color: red', '.a { color: var(--ink); }'],
  ['wxss/colour', STYLE, '.a { color: #333; }', '.a { color: var(--ink); }'],
  ['wxss/colour', STYLE, '.a { border: 1px solid grey; }', '.a { border: 1px solid currentColor; background: transparent; }'],
  ['wxss/colour', STYLE, '.a { box-shadow: 0 0 1px rgba(0, 0, 0, 0.1); }', '.white { opacity: 0.5; }'],
  ['wxss/known-token', STYLE, '.a { color: var(--inc); }', '.a { --own: 1px; width: var(--own); }'],
  ['wxss/no-remote', STYLE, '.a { background: url("https://cdn.example.com/a.png"); }', '.a { background: url("data:image/png;base64,AA"); }'],
  ['wxss/no-remote', STYLE, '@import "//cdn.example.com/a.wxss";', '@import "/styles/tokens.wxss";'],
  ['wxss/component-selectors', COMPONENT, '#a { width: 1px; }', '.a { width: 1px; }'],
  ['wxss/component-selectors', COMPONENT, '.a view { width: 1px; }', '@keyframes turn { to { width: 1px; } }'],
  ['mini/network', SCRIPT, "wx.request({ url: '' });", "wx.showToast({ title: '' });"],
  ['mini/storage', SCRIPT, "wx.setStorageSync('a', 1);", "wx.showToast({ title: '' });"],
  ['mini/no-remote', SCRIPT, "wx.showToast({ title: 'https://a.example.cn/x' });", "wx.showToast({ title: '/s/1' });"],
  ['mini/known-page', SCRIPT, "wx.navigateTo({ url: '/pages/none/index?a=1' });", "wx.navigateTo({ url: '/pages/home/index?a=1' });"],
  ['mini/withdrawn', SCRIPT, 'wx.getUserProfile({});', 'wx.login({});'],
  ['no-console', SCRIPT, "console.log('a');", "wx.showToast({ title: '' });"],
  ['no-undef', SCRIPT, 'window.open();', 'getApp();'],
  ['no-unused-vars', SCRIPT, 'const a = 1;', 'const a = 1;\nmodule.exports = { a };'],
];

let folder;
let eslint;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shouwen-lint-'));
  for (const [name, text] of Object.entries(AROUND)) write(name, text);
  eslint = new ESLint({ cwd: folder, overrideConfigFile: true, overrideConfig: config });
});
after(() => fs.rmSync(folder, { recursive: true }));

function write(name, text) {
  const file = path.join(folder, 'miniprogram', name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

async function found(name, text) {
  const [result] = await eslint.lintText(`${text}\n`, { filePath: path.join(folder, 'miniprogram', name) });
  return result.messages.map((one) => one.ruleId ?? '');
}

for (const [rule, file, bad, good] of CASES) {
  test(`${rule || 'syntax'}: ${bad}`, async () => {
    assert.deepEqual([...new Set(await found(file, bad))], [rule]);
    assert.deepEqual(await found(file, good), []);
  });
}

test('a component that is declared and not used is found', async () => {
  write('pages/home/index.json', '{"usingComponents": {"ui-spare": "/components/ui-icon/ui-icon"}}');
  assert.deepEqual(await found(PAGE, '<view />'), ['wxml/known-component']);
  assert.deepEqual(await found(PAGE, '<ui-spare />'), []);
});

test('the doors themselves may be used where they stand', async () => {
  assert.deepEqual(await found('lib/http.js', "wx.request({ url: '' });"), []);
  assert.deepEqual(await found('lib/store.js', "wx.setStorageSync('a', 1);"), []);
  assert.deepEqual(await found('config.js', AROUND['config.js']), []);
});

test('every rule has a fault of its own here', () => {
  const plugins = require('../../lint');
  const rules = Object.entries(plugins).flatMap(([prefix, { rules: named }]) => Object.keys(named).map((name) => `${prefix}/${name}`));
  const tried = new Set(CASES.map(([rule]) => rule));
  assert.deepEqual(rules.filter((name) => !tried.has(name)), []);
});
