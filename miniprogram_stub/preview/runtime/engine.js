// glass-easel and its adapter for mini programs, set up for a browser's document.
import * as glassEasel from 'glass-easel';
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter';
import { TAGS } from './builtin/names.js';
import { convertLengths } from './lengths.js';

const environment = new MiniProgramEnv();
export const codeSpace = environment.createCodeSpace('', true);
/** Where elements are known by their names. */
export const space = codeSpace.getComponentSpace();

/**
 * The browser's own `button` or `input` would behave by its own rules: elements get the prefix WeChat gives them.
 * Styles written in templates are in WeChat's units.
 */
const documentOfWeChat = {
  createElement(tag) {
    const isComponent = tag.includes('-') && !TAGS.includes(tag);
    const element = document.createElement(isComponent ? tag : `wx-${tag}`);
    const set = element.setAttribute.bind(element);
    element.setAttribute = (name, value) => set(name, name === 'style' ? convertLengths(String(value)) : value);
    return element;
  },
  createTextNode: (text) => document.createTextNode(text),
  createDocumentFragment: () => document.createDocumentFragment(),
};
const context = new glassEasel.CurrentWindowBackendContext();
context.document = documentOfWeChat;

/** Events that templates hear of straight from the browser. All others (input, change, scroll …) our elements tell. */
const NATIVE = /^(touch(start|move|end|cancel)|transitionend|animation(start|iteration|end))$/;
const listen = context.setListenerStats.bind(context);
context.setListenerStats = (element, type, ...more) => {
  if (NATIVE.test(type)) listen(element, type, ...more);
};

export const backend = environment.associateBackend(context);

/** Deliver an event of the document to the templates. Returns false when a handler asked for no default. */
export function deliver(target, type, detail, options) {
  const event = new glassEasel.Event(type, detail, options);
  glassEasel.Event.dispatchEvent(target, event);
  return !event.defaultPrevented();
}

/** The engine's element for a DOM node, or for the nearest node around it that has one. */
export function elementOf(node) {
  let found = node;
  while (found && !found.__wxElement) found = found.parentNode;
  return found ? found.__wxElement : null;
}

context.onEvent((target, type, detail, options) => {
  // The engine guesses taps from touches and, after the first touch, ignores the mouse; taps come from clicks (taps.js).
  if (type === 'tap' || type === 'canceltap') return glassEasel.EventBubbleStatus?.Normal ?? 0;
  return deliver(target, type, detail, options) ? 0 : 1;
});

/** Behaviors that WeChat knows by name. Forms recognise the components that have them. */
const named = new Map();

export function namedBehavior(name) {
  if (!named.has(name)) {
    const properties = name === 'wx://form-field' ? { name: String, value: null } : {};
    named.set(name, makers.Behavior({ properties }));
  }
  return named.get(name);
}

/** Whether a component has a behavior that WeChat knows by name. */
export function hasNamedBehavior(component, name) {
  return named.has(name) && component.hasBehavior(named.get(name)._$);
}

let makers;
codeSpace.componentEnv('', (given) => {
  makers = given;
});

// The engine leaves it to its host to say when a component is laid out.
const saysReady = makers.Behavior({
  lifetimes: {
    attached() {
      requestAnimationFrame(() => this._$.triggerLifetime('ready', []));
    },
  },
});

function complete(definition) {
  const behaviors = (definition.behaviors || []).map((one) => (typeof one === 'string' ? namedBehavior(one) : one));
  return { ...definition, behaviors };
}

// Behaviors are made by files of their own, whoever requires them first.
globalThis.Behavior = Object.assign(
  (definition) => makers.Behavior(definition && complete(definition)),
  makers.Behavior,
);
globalThis.getRegExp = (pattern, flags) => new RegExp(pattern, flags);
globalThis.getDate = (...given) => new Date(...given);

/** Run the script of a page or component, with `Page` and `Component` for this one. */
export function defineUnit(unit, run) {
  codeSpace.componentEnv(unit, (given) => {
    const before = [globalThis.Page, globalThis.Component];
    globalThis.Page = (definition) => given.Page(complete(definition));
    globalThis.Component = (definition) => {
      const whole = complete(definition);
      return given.Component({ ...whole, behaviors: [saysReady, ...whole.behaviors] });
    };
    try {
      run();
    } finally {
      [globalThis.Page, globalThis.Component] = before;
    }
  });
}
