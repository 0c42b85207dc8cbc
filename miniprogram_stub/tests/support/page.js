/** One opened page, seen and used by the words on it. */
const acting = require('./acting');
const stack = require('./stack');
const { attribute, elements, isControl, nameOf, tagOf, textOf } = require('./tree');
const { settled, until } = require('./waiting');

const TYPED = (node) => ['input', 'textarea'].includes(tagOf(node));
const CHOSEN = (node) => tagOf(node) === 'picker';
const TAPPED = (node) => !TYPED(node);

/** @typedef {string | RegExp} Words the whole name, else part of it */

class Page {
  /** @param {any} entry of the stack of pages */
  constructor(entry) {
    this.entry = entry;
  }

  get path() {
    return this.entry.path;
  }

  get query() {
    return this.entry.query;
  }

  get data() {
    return this.entry.component.data;
  }

  get instance() {
    return this.entry.instance;
  }

  /** @returns {any[]} what is shown, components opened up */
  get elements() {
    return [...elements(this.entry.component._exparserNode)];
  }

  /** @returns {string} every word on it */
  get text() {
    return textOf(this.entry.component._exparserNode);
  }

  /** @returns {any[]} what can be tapped, typed into or chosen from */
  get controls() {
    return this.elements.filter((node) => isControl(node) || node._vt.event?.tap);
  }

  /** @returns {string[]} their accessible names, with the tag where there is none */
  get names() {
    return this.controls.map((node) => nameOf(node) || `<${tagOf(node)}>`);
  }

  /** @returns {string[]} controls that a screen reader could not name */
  get nameless() {
    return this.controls.filter((node) => !nameOf(node) && attribute(node, 'aria-hidden') !== 'true').map((node) => `<${tagOf(node)} class="${attribute(node, 'class') || ''}">`);
  }

  /**
   * @param {Words} words
   * @param {(node: any) => boolean} [fits] which controls come into question
   * @returns {any[]} controls called exactly so; else those that are called so and say more after a comma; else those
   *   whose names contain it
   */
  named(words, fits = () => true) {
    const among = this.controls.filter(fits);
    if (words instanceof RegExp) return among.filter((node) => words.test(nameOf(node)));
    const ways = [(name) => name === words, (name) => name.startsWith(`${words}，`), (name) => name.includes(words)];
    return ways.map((is) => among.filter((node) => is(nameOf(node)))).find((found) => found.length) || [];
  }

  /** @param {Words} words @param {(node: any) => boolean} [fits] @returns {any} the one control called so */
  control(words, fits) {
    const found = this.named(words, fits);
    if (found.length === 1) return found[0];
    const inner = found.filter((node) => !found.some((other) => other !== node && isInside(other, node)));
    if (inner.length === 1) return inner[0];
    throw new Error(`${found.length} controls are called ${words} on ${this.path}: ${this.names.join(' | ')}\n${this.text}`);
  }

  /** @param {Words} words @returns {boolean} */
  has(words) {
    return this.named(words).length > 0;
  }

  /** @param {Words} words @returns {boolean} whether it is written on the page */
  shows(words) {
    return words instanceof RegExp ? words.test(this.text) : this.text.includes(words);
  }

  /** @param {Words} words @param {{settle?: boolean}} [how] `settle: false` while a request is held back */
  async tap(words, { settle = true } = {}) {
    await acting.tap(this.control(words, TAPPED));
    if (settle) await settled();
  }

  /** @param {Words} words @param {string} text */
  async input(words, text) {
    acting.type(this.control(words, TYPED), text);
    await settled();
  }

  /** @param {Words} words of a picker @param {any} entry */
  async choose(words, entry) {
    acting.choose(this.control(words, CHOSEN), entry);
    await settled();
  }

  /** Submit the form by its button. @param {Record<string, string>} [texts] what to type before, by name @param {Words} [button] */
  async submit(texts = {}, button = /提交|保存|确定|登录|查询/) {
    for (const [name, text] of Object.entries(texts)) await this.input(name, text);
    await this.tap(button);
  }

  /** @param {Words} words of a control that holds something */
  valueOf(words) {
    return acting.valueOf(this.control(words));
  }

  /** @param {Words} words */
  isDisabled(words) {
    return acting.isDisabled(this.control(words));
  }

  /** @param {Words} words */
  until(words) {
    return until(() => this.shows(words), () => `“${words}” on ${this.path}: ${this.text}`);
  }

  async pullDown() {
    this.instance.onPullDownRefresh?.();
    await settled();
  }

  async reachBottom() {
    this.instance.onReachBottom?.();
    await settled();
  }

  /** Another mini program, or the phone's home screen, and back. */
  async leaveAndReturn() {
    stack.hide(this.entry);
    stack.show(this.entry);
    await settled();
  }
}

const isInside = (node, outer) => [...elements(outer)].includes(node);

module.exports = { Page };
