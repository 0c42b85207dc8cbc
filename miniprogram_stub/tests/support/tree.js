/** Looking at a rendered page as a person does, or a screen reader: elements, their words, their accessible names. */
const { exparser } = require('./dom');

const CONTROLS = ['button', 'input', 'textarea', 'picker', 'switch', 'radio', 'checkbox', 'slider', 'navigator'];
const ROLES = ['button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'menuitem', 'option'];

/**
 * Every element that is shown, components opened up, in the order of the page.
 * @param {any} node of the component framework
 * @returns {Generator<any>}
 */
function* elements(node) {
  if (node instanceof exparser.TextNode) return;
  const inner = isOwnComponent(node) ? [node.shadowRoot, ...node.childNodes] : node.childNodes;
  for (const child of inner) {
    if (child instanceof exparser.TextNode || isHidden(child)) continue;
    if (child instanceof exparser.Component) yield child;
    yield* elements(child);
  }
}

/** The page itself and components of ours; built-in tags are known by the name they are written with. */
const isOwnComponent = (node) => node instanceof exparser.Component && node._vt?.componentId !== node._vt?.tagName;
const isHidden = (node) => Boolean(attribute(node, 'hidden'));

/** @param {any} node @returns {Generator<any>} what it stands in, nearest first, out of components too */
function* ancestors(node) {
  let above = node.parentNode;
  while (above) {
    if (above._vt && above instanceof exparser.Component) yield above;
    above = above instanceof exparser.ShadowRoot ? above.getHostNode() : above.parentNode;
  }
}

/** @param {any} node @returns {string} `button`, `view`, or the name a component is used by */
const tagOf = (node) => node._vt.tagName.replace(/^wx-/, '');

/**
 * @param {any} node
 * @param {string} name
 * @returns {any} undefined where it is not given; an attribute without a value is true
 */
function attribute(node, name) {
  // WeChat's compiler writes some names in camel case.
  const camel = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  const found = node._vt?.attrs?.find((one) => one.name === name || one.name === camel);
  return found && (found.value === '' && name !== 'value' ? true : found.value);
}

/** @param {any} node @returns {string} all its words, one space between blocks */
function textOf(node) {
  const words = [];
  collect(node, words);
  return words.join(' ').replace(/\s+/g, ' ').trim();
}

function collect(node, words) {
  if (node instanceof exparser.TextNode) {
    words.push(node.textContent);
    return;
  }
  if (isHidden(node)) return;
  const inner = isOwnComponent(node) ? [node.shadowRoot, ...node.childNodes] : node.childNodes;
  for (const child of inner) collect(child, words);
}

/** @param {any} node @returns {string} what a screen reader calls it */
function nameOf(node) {
  const given = attribute(node, 'aria-label');
  if (typeof given === 'string' && given.trim()) return given.trim();
  const inside = textOf(node);
  if (inside) return inside;
  const label = within(node, 'label');
  return label ? textOf(label) : '';
}

/** @param {any} node @param {string} tag @returns {any} the nearest element with this tag that it stands in, or null */
const within = (node, tag) => [...ancestors(node)].find((above) => tagOf(above) === tag) || null;

/** @param {any} node @returns {boolean} whether it does something of its own, by its tag or by its role */
const isControl = (node) => CONTROLS.includes(tagOf(node)) || ROLES.includes(attribute(node, 'aria-role'));

module.exports = { ancestors, attribute, elements, isControl, nameOf, tagOf, textOf, within };
