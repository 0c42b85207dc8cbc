/** WXSS for ESLint: the tree of postcss. */
const postcss = require('postcss');

const { language } = require('./language');

const KEYS = { root: ['nodes'], rule: ['nodes'], atrule: ['nodes'] };

function read(text) {
  try {
    return { ast: located(postcss.parse(text), text) };
  } catch (error) {
    if (error.name !== 'CssSyntaxError') throw error;
    return { errors: [{ message: error.reason, line: error.line, column: error.column }] };
  }
}

/** A plain tree: each node with its place, as ESLint wants it. */
function located(node, text) {
  const { start = { line: 1, column: 1 }, end } = node.source || {};
  const lines = text.split(/\r?\n/);
  const last = end ? { line: end.line, column: end.column + 1 } : { line: lines.length, column: lines.at(-1).length + 1 };
  const { type, prop, value, selector, name, params } = node;
  const nodes = node.nodes?.map((child) => located(child, text));
  return { type, prop, value, selector, name, params, nodes, loc: { start: { line: start.line, column: start.column }, end: last } };
}

module.exports = { wxss: language(KEYS, read) };
