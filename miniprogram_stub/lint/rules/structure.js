/** Rules about WXML as such: lists, attributes, expressions, handlers, components. */
const path = require('node:path');
const espree = require('espree');

const { BUILT_IN, componentsOf, namedBy, textOf } = require('../sources');
const { allIn, attribute } = require('../wxml');

const rule = (description, create) => ({ meta: { type: 'problem', docs: { description }, schema: [] }, create });
const attributesOf = (node) => node.startTag.attributes || [];

const wxKey = rule('a list says what its entries are known by', (context) => ({
  WXElement(node) {
    if (!attribute(node, 'wx:for')) return;
    const key = attribute(node, 'wx:key');
    if (!key) context.report({ node: node.startTag, message: 'wx:for without wx:key' });
    else if (String(key.value).includes('{{')) context.report({ node: key, message: 'wx:key is the name of a property, without {{}}' });
  },
}));

const noDuplicateAttributes = rule('an attribute is given once', (context) => ({
  WXStartTag(node) {
    const seen = new Set();
    for (const one of node.attributes || []) {
      if (seen.has(one.key)) context.report({ node: one, message: `${one.key} is given twice` });
      seen.add(one.key);
    }
  },
}));

// What WeChat's expressions have; calls only of functions of a wxs module.
const KNOWN_NODES = new Set(
  (
    'Program ExpressionStatement Identifier Literal MemberExpression ConditionalExpression LogicalExpression BinaryExpression ' +
    'UnaryExpression ArrayExpression ObjectExpression Property SpreadElement CallExpression'
  ).split(' '),
);
const KNOWN_OPERATORS = new Set('&& || ! + - * / % < > <= >= == != === !== typeof'.split(' '));

const expression = rule('what stands in {{}} is an expression that WeChat understands', (context) => ({
  WXInterpolation(node) {
    const text = node.value.trim();
    const parent = context.sourceCode.getParent(node);
    const isData = parent?.key === 'data' || /^\.\.\./.test(text);
    try {
      const tree = espree.parse(isData ? `({${text}})` : `(${text})`, { ecmaVersion: 'latest' });
      const strange = firstStrange(tree);
      if (strange) context.report({ node, message: `{{}} cannot hold ${strange}` });
    } catch (error) {
      context.report({ node, message: `{{${text}}}: ${error.message}` });
    }
  },
}));

function firstStrange(node) {
  if (!node || typeof node.type !== 'string') return null;
  if (!KNOWN_NODES.has(node.type)) return node.type;
  if (node.operator && !KNOWN_OPERATORS.has(node.operator)) return node.operator;
  if (node.type === 'CallExpression' && node.callee.type !== 'MemberExpression') return 'a call of anything but a wxs function';
  const children = Object.values(node).flat().filter((child) => child && typeof child === 'object');
  return children.map(firstStrange).find(Boolean) || null;
}

const HANDLER = /^(?:capture-|mut-)?(?:bind|catch):?\w+$/;

const knownHandler = rule('a handler stands in the script beside the template, or in what that script is made with', (context) => ({
  WXAttribute(node) {
    if (!HANDLER.test(node.key) || !node.value || String(node.value).includes('{{')) return;
    const script = scriptOf(context.filename);
    const name = String(node.value);
    const defined = new RegExp(`(?:^|[\\s{,(.])(?:async\\s+)?['"]?${name}['"]?\\s*(?:[(:,]|$)`, 'm');
    if (script !== null && !defined.test(script)) context.report({ node, message: `no ${name} in ${path.basename(context.filename, '.wxml')}.js` });
  },
}));

/** A template's script with the modules it requires: what defines a page may bring handlers of its own. */
function scriptOf(file) {
  const own = textOf(file.replace(/\.wxml$/, '.js'));
  if (own === null) return null;
  const required = [...own.matchAll(/require\('(\.[^']+)'\)/g)].map(([, name]) => textOf(`${path.join(path.dirname(file), name)}.js`) || '');
  return [own, ...required].join('\n');
}

const knownComponent = rule('a tag is WeChat’s own or a declared component, and what is declared is used', (context) => ({
  Program(tree) {
    const elements = (tree.body || []).filter((one) => one.type === 'WXElement').flatMap(allIn);
    const known = componentsOf(context.filename);
    for (const node of elements) {
      const isKnown = BUILT_IN.has(node.name) || node.name in known;
      if (!isKnown) context.report({ node: node.startTag, message: `<${node.name}> is neither WeChat's own nor declared` });
    }
    const generics = elements.flatMap(attributesOf).filter((one) => one.key.startsWith('generic:')).map((one) => one.value);
    const used = new Set([...elements.map((node) => node.name), ...generics]);
    const idle = namedBy(context.filename).filter((name) => !used.has(name));
    // A template that is included brings tags of its own.
    if (idle.length && !elements.some((node) => node.name === 'include' || node.name === 'import')) {
      context.report({ loc: { line: 1, column: 1 }, message: `declared and not used: ${idle.join(', ')}` });
    }
  },
}));

const noRemote = rule('nothing is loaded from elsewhere', (context) => ({
  WXAttribute(node) {
    if (/(?:https?:)?\/\/[\w-]+\./.test(String(node.value ?? ''))) context.report({ node, message: 'an address of another server' });
  },
}));

module.exports = {
  'wx-key': wxKey,
  'no-duplicate-attributes': noDuplicateAttributes,
  expression,
  'known-handler': knownHandler,
  'known-component': knownComponent,
  'no-remote': noRemote,
};
