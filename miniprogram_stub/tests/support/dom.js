/**
 * WeChat's component framework outside WeChat: a document from jsdom, and miniprogram-simulate, which compiles WXML with
 * WeChat's own compiler. Its built-in tags are empty shells: `page.js` gives them their behaviour.
 */
const { JSDOM } = require('jsdom');

const NEEDED = ['document', 'Event', 'CustomEvent', 'Node', 'Element', 'HTMLElement', 'MutationObserver'];

const { window } = new JSDOM('<!doctype html><html><body></body></html>');
globalThis.window = window;
for (const name of NEEDED) globalThis[name] = window[name];

const simulate = require('miniprogram-simulate');
const exparser = require(require.resolve('miniprogram-exparser', { paths: [require.resolve('miniprogram-simulate')] }));

// Nothing is laid out here, so style sheets need not be read.
Object.assign(require('miniprogram-simulate/src/wxss'), { compile: () => '', insert() {} });

// What a page throws fails the test; otherwise the framework would only print it.
exparser.globalOptions.throwGlobalError = true;

/** @returns {any} a place in the document for one page */
function newPlace() {
  const place = window.document.createElement('div');
  window.document.body.appendChild(place);
  return place;
}

module.exports = { exparser, newPlace, simulate, window };
