/** What `npm run lint` checks: the sources of the mini program, and in plainer fashion the tools beside them. */
const js = require('@eslint/js');

const plugins = require('./lint');

const named = (names) => Object.fromEntries(names.split(' ').map((name) => [name, 'readonly']));
const WECHAT = named('wx App Page Component Behavior getApp getCurrentPages require module');
const TIMERS = named('setTimeout clearTimeout setInterval clearInterval console');
const NODE = { ...TIMERS, ...named('require module exports __dirname process Buffer URL structuredClone performance globalThis') };

const all = (prefix) => Object.fromEntries(Object.keys(plugins[prefix].rules).map((name) => [`${prefix}/${name}`, 'error']));
const COMMON = {
  ...js.configs.recommended.rules,
  eqeqeq: 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_', caughtErrors: 'none' }],
};

module.exports = [
  { ignores: ['node_modules/', 'compiler/', 'preview/', 'build/', 'dist/', 'tests/tools/fixture/'] },
  {
    files: ['miniprogram/**/*.js'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'commonjs', globals: { ...WECHAT, ...TIMERS } },
    plugins: { mini: plugins.mini },
    rules: { ...COMMON, ...all('mini'), 'no-console': 'error', 'no-eval': 'error', 'no-alert': 'error', 'no-shadow': 'error' },
  },
  { files: ['miniprogram/**/*.wxml'], language: 'wxml/wxml', plugins: { wxml: plugins.wxml }, rules: all('wxml') },
  { files: ['miniprogram/**/*.wxss'], language: 'wxss/wxss', plugins: { wxss: plugins.wxss }, rules: all('wxss') },
  {
    files: ['*.js', 'lint/**/*.js', 'tests/**/*.js'],
    languageOptions: { ecmaVersion: 2023, sourceType: 'commonjs', globals: { ...NODE, ...WECHAT } },
    rules: COMMON,
  },
];
