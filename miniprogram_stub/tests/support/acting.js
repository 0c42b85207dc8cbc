/** What built-in controls do when they are touched: WeChat's part, which miniprogram-simulate leaves out. */
const { exparser } = require('./dom');
const office = require('./office');
const { phone } = require('./phone');
const { attribute, elements, tagOf, within } = require('./tree');
const { turn } = require('./waiting');

const DEFAULT_MAXLENGTH = 140;
const DEFAULT_PHONE = '13800138000';

/** What was typed, chosen or switched, by element. @type {WeakMap<any, any>} */
const values = new WeakMap();

/**
 * @param {any} node
 * @param {string} event
 * @param {any} [detail]
 * @param {{bubbles?: boolean}} [how] touches rise through the page, what controls tell does not
 */
function fire(node, event, detail = {}, { bubbles = false } = {}) {
  const extraFields = { touches: [], changedTouches: [] };
  const made = exparser.Event.create(event, detail, { bubbles, composed: bubbles, capturePhase: bubbles, originalEvent: {}, extraFields });
  exparser.Event.dispatchEvent(node, made);
}

/** @param {any} node */
async function tap(node) {
  if (isDisabled(node)) throw new Error(`<${tagOf(node)}> is disabled`);
  phone.inTap = true;
  try {
    fire(node, 'tap', { x: 0, y: 0 }, { bubbles: true });
    await activate(node);
    await turn();
  } finally {
    phone.inTap = false;
  }
}

const isDisabled = (node) => {
  const disabled = attribute(node, 'disabled');
  return Boolean(disabled) && disabled !== 'false';
};

/** What the tag itself does after its tap. */
async function activate(node) {
  const does = ACTIVATE[tagOf(node)];
  if (does) await does(node);
}

const ACTIVATE = {
  async button(node) {
    const form = within(node, 'form');
    const type = attribute(node, 'form-type');
    if (form && type === 'submit') fire(form, 'submit', { value: valuesOf(form) });
    if (form && type === 'reset') fire(form, 'reset');
    await OPEN[attribute(node, 'open-type')]?.(node);
  },
  navigator(node) {
    const type = attribute(node, 'open-type') || 'navigate';
    const go = { navigate: 'navigateTo', redirect: 'redirectTo', reLaunch: 'reLaunch', switchTab: 'switchTab', navigateBack: 'navigateBack' }[type];
    if (go) globalThis.wx[go]({ url: attribute(node, 'url'), delta: Number(attribute(node, 'delta') || 1) });
  },
  async label(node) {
    const inner = [...elements(node)].find((one) => ['radio', 'checkbox', 'switch'].includes(tagOf(one)));
    if (inner && !isDisabled(inner)) await activate(inner);
  },
  switch(node) {
    set(node, !valueOf(node));
  },
  radio(node) {
    const group = within(node, 'radio-group');
    if (group) set(group, attribute(node, 'value'));
  },
  checkbox(node) {
    const group = within(node, 'checkbox-group');
    if (!group) return;
    const value = attribute(node, 'value');
    const chosen = valueOf(group);
    set(group, chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  },
};

/** What a button opens of WeChat's own. */
const OPEN = {
  async getPhoneNumber(node) {
    if (!phone.privacyAgreed) return fire(node, 'getphonenumber', { errMsg: 'getPhoneNumber:fail user deny', errno: 104 });
    const code = await office.phoneCode(phone.person, DEFAULT_PHONE);
    return fire(node, 'getphonenumber', { code, errMsg: 'getPhoneNumber:ok' });
  },
  agreePrivacyAuthorization(node) {
    phone.privacyAgreed = true;
    fire(node, 'agreeprivacyauthorization');
  },
};

/** Change what a control holds, as its user does. */
function set(node, value) {
  values.set(node, value);
  fire(node, 'change', { value });
}

/**
 * @param {any} node an input or a textarea
 * @param {string} text cut where WeChat would cut it
 */
function type(node, text) {
  if (isDisabled(node)) throw new Error(`<${tagOf(node)}> is disabled`);
  const given = attribute(node, 'maxlength');
  const most = given === undefined ? DEFAULT_MAXLENGTH : Number(given);
  const value = most < 0 ? text : text.slice(0, most);
  values.set(node, value);
  fire(node, 'focus', { value: '', height: 0 });
  fire(node, 'input', { value, cursor: value.length });
  fire(node, 'blur', { value });
}

/**
 * @param {any} node a picker
 * @param {any} wanted the text of an entry; a date, a time or several indexes as they are
 */
function choose(node, wanted) {
  if (isDisabled(node)) throw new Error('<picker> is disabled');
  if (!['selector', undefined].includes(attribute(node, 'mode'))) return set(node, wanted);
  const key = attribute(node, 'range-key');
  const texts = (attribute(node, 'range') || []).map((entry) => (key ? entry[key] : entry));
  const at = texts.indexOf(wanted);
  if (at < 0) throw new Error(`no “${wanted}” among ${texts.join('、')}`);
  return set(node, at);
}

/** What a control holds: what was done to it, else what the page gives it. */
function valueOf(node) {
  if (values.has(node)) return values.get(node);
  const inside = (tag) => [...elements(node)].filter((one) => tagOf(one) === tag && isChecked(one)).map((one) => attribute(one, 'value'));
  if (tagOf(node) === 'switch') return isChecked(node);
  if (tagOf(node) === 'radio-group') return inside('radio')[0] ?? '';
  if (tagOf(node) === 'checkbox-group') return inside('checkbox');
  return attribute(node, 'value') ?? '';
}

const isChecked = (node) => Boolean(attribute(node, 'checked'));

/** @param {any} form @returns {Record<string, any>} what it tells when it is submitted */
function valuesOf(form) {
  const named = [...elements(form)].filter((node) => attribute(node, 'name') && FIELDS.includes(tagOf(node)));
  return Object.fromEntries(named.map((node) => [attribute(node, 'name'), valueOf(node)]));
}

const FIELDS = ['input', 'textarea', 'picker', 'switch', 'slider', 'radio-group', 'checkbox-group'];

module.exports = { choose, fire, isDisabled, tap, type, valueOf };
