/** WXML for ESLint: the tree of @wxml/parser, and questions about its elements. */
const { parse } = require('@wxml/parser');

const { language } = require('./language');

const KEYS = {
  Program: ['body'],
  WXElement: ['startTag', 'children'],
  WXStartTag: ['attributes'],
  WXAttribute: ['interpolations'],
};

function read(text) {
  const tree = parse(text);
  if (!tree.errors.length) return { ast: { ...tree, loc: whole(text) } };
  const errors = tree.errors.map(({ value, loc }) => ({ message: value.split('\n')[0], ...loc.start }));
  return { errors };
}

function whole(text) {
  const lines = text.split(/\r?\n/);
  return { start: { line: 1, column: 1 }, end: { line: lines.length, column: lines.at(-1).length + 1 } };
}

/** @param {any} element @param {string} name @returns {any} the attribute, or undefined */
const attribute = (element, name) => (element.startTag.attributes || []).find((one) => one.key === name);

/** @param {any} element @param {string} name @returns {string} what stands in it, '' where it is not given or empty */
const valueOf = (element, name) => String(attribute(element, name)?.value ?? '').trim();

const TAP = /^(?:capture-|mut-)?(?:bind|catch):?tap$/;

/** @param {any} element @returns {any} the attribute by which it is tapped, or undefined */
const tapOf = (element) => (element.startTag.attributes || []).find((one) => TAP.test(one.key));

/** @param {any} element @returns {boolean} whether words can stand in it, written here or given by others */
function hasWords(element) {
  return (element.children || []).some((child) => {
    if (child.type === 'WXText') return child.value.trim() !== '';
    if (child.type === 'WXInterpolation') return true;
    return child.type === 'WXElement' && (child.name === 'slot' || hasWords(child));
  });
}

/** @param {any} element @returns {boolean} whether a screen reader finds words for it */
const hasName = (element) => valueOf(element, 'aria-label') !== '' || hasWords(element);

/** @param {any} element @returns {any[]} all elements in it, itself first */
const allIn = (element) => [element, ...(element.children || []).filter((one) => one.type === 'WXElement').flatMap(allIn)];

module.exports = { allIn, attribute, hasName, hasWords, parse, tapOf, valueOf, wxml: language(KEYS, read) };
