// rich-text: text with a few tags, given as HTML or as a tree. Nothing in it can run.
import { define } from './define.js';

const ALLOWED = new Set(
  'a abbr address article aside b blockquote br caption center cite code col colgroup dd del div dl dt em fieldset footer h1 h2 h3 h4 h5 h6 header hr i img ins label legend li mark nav ol p pre q s section small span strong sub sup table tbody td tfoot th thead tr tt u ul'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set([
  'class',
  'style',
  'alt',
  'width',
  'height',
  'colspan',
  'rowspan',
  'start',
  'type',
  'dir',
  'align',
]);

export function defineRichText() {
  define('rich-text', {
    properties: { nodes: null, space: String, userSelect: Boolean },
    build: (_, element) => ({
      changed: {
        nodes: (nodes) => {
          const tree =
            typeof nodes === 'string'
              ? [...new DOMParser().parseFromString(nodes, 'text/html').body.childNodes].map(fromDom)
              : nodes || [];
          element.replaceChildren(...tree.flatMap(toDom));
        },
      },
    }),
  });
}

function fromDom(node) {
  if (node.nodeType === Node.TEXT_NODE) return { type: 'text', text: node.data };
  const attrs = Object.fromEntries([...(node.attributes || [])].map(({ name, value }) => [name, value]));
  return { name: node.localName || '', attrs, children: [...node.childNodes].map(fromDom) };
}

function toDom(node) {
  if (node.type === 'text') return [document.createTextNode(node.text)];
  if (!ALLOWED.has(node.name)) return [];
  const element = document.createElement(node.name);
  for (const [name, value] of Object.entries(node.attrs || {})) {
    const isPicture = node.name === 'img' && name === 'src' && /^(https?:|data:image\/)/.test(value);
    if (ATTRIBUTES.has(name) || isPicture) element.setAttribute(name, value);
  }
  element.append(...(node.children || []).flatMap(toDom));
  return [element];
}
