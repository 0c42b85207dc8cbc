// How a built-in element is made: an engine's component without a template of its own, and what it does to its DOM node.
import { space } from '../engine.js';

const ARIA = [
  'ariaRole',
  'ariaLabel',
  'ariaHidden',
  'ariaLive',
  'ariaAtomic',
  'ariaBusy',
  'ariaChecked',
  'ariaSelected',
  'ariaExpanded',
  'ariaDisabled',
  'ariaRequired',
  'ariaInvalid',
  'ariaModal',
  'ariaCurrent',
  'ariaHaspopup',
  'ariaPressed',
  'ariaLevel',
  'ariaValuenow',
  'ariaValuemin',
  'ariaValuemax',
  'ariaValuetext',
  'ariaDescription',
  'ariaSort',
  'ariaPosinset',
  'ariaSetsize',
];
const OPERABLE = new Set(['button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'option', 'menuitem']);
const HOVER_STAY = 70;

/** Properties of every element. */
const COMMON = {
  hidden: Boolean,
  hoverClass: String,
  hoverStartTime: Number,
  hoverStayTime: Number,
  hoverStopPropagation: Boolean,
  ...Object.fromEntries(ARIA.map((name) => [name, null])),
};

/**
 * Define a built-in element. `properties` are WeChat's, a type or `{type, value}` each. `build(component, element)` runs
 * once for each element made and may return:
 * `changed` – what to do when a property changed, by its name; `control` – what labels and forms may ask of it
 * (`activate`, `value`, `reset`); `spoken` – the node that carries role and label, where it is not the element itself.
 */
export function define(tag, { properties = {}, build } = {}) {
  const types = { ...COMMON, ...properties };
  const definition = space.defineComponent({
    is: `built-in/${tag}`,
    properties: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, propertyOf(type)])),
    lifetimes: {
      created() {
        this.made = build?.(this, this.$$) || {};
        if (this.made.control) this.$$.wxControl = { component: this, ...this.made.control };
        watchPressing(this);
      },
      attached() {
        this.made.attached?.();
      },
      detached() {
        this.made.detached?.();
      },
    },
    observers: Object.fromEntries(
      Object.keys(types).map((name) => [
        name,
        function observe(value) {
          if (name === 'hidden') this.$$.hidden = value;
          else if (name.startsWith('aria')) speak(this.made.spoken || this.$$, name, value);
          this.made.changed?.[name]?.(value);
        },
      ]),
    ),
  });
  space.setGlobalUsingComponent(tag, definition);
}

function propertyOf(type) {
  if (type && typeof type === 'object') return type;
  const value =
    new Map([
      [Boolean, false],
      [String, ''],
      [Number, 0],
    ]).get(type) ?? null;
  return { type, value };
}

/** `ariaLabel` → `aria-label`; a role that can be operated can also be reached by the keyboard. */
function speak(node, name, value) {
  const attribute = name === 'ariaRole' ? 'role' : `aria-${name.slice(4).toLowerCase()}`;
  if (value === null || value === undefined || value === '') node.removeAttribute(attribute);
  else node.setAttribute(attribute, String(value));
  if (name === 'ariaRole' && OPERABLE.has(value)) node.tabIndex = 0;
  // WeChat's headings have no level; the browser's have to have one.
  if (name === 'ariaRole' && value === 'heading' && !node.hasAttribute('aria-level'))
    node.setAttribute('aria-level', '2');
}

/** `hover-class` while a finger or a button is down. */
function watchPressing(component) {
  const element = component.$$;
  const set = (isOn) => {
    const name = component.data.hoverClass;
    if (name && name !== 'none' && !component.data.disabled) component.classList.toggle(name, isOn);
  };
  element.addEventListener('pointerdown', () => set(true));
  for (const ending of ['pointerup', 'pointerleave', 'pointercancel']) {
    element.addEventListener(ending, () => setTimeout(() => set(false), HOVER_STAY));
  }
}

/** Tell the templates of something that happened to this element. */
export function fire(component, name, detail = {}, options = {}) {
  component.triggerEvent(name, detail, options);
}

/** Mirror properties as attributes of the element: styles in WXSS may ask for them. */
export function reflect(element, ...names) {
  return Object.fromEntries(
    names.map((name) => [
      name,
      (value) => {
        if (value === false || value === '' || value === null) element.removeAttribute(name);
        else element.setAttribute(name, value === true ? '' : value);
      },
    ]),
  );
}
