// radio, checkbox and switch, with their groups.
import { define, fire } from './define.js';

let labels = 0;

export function defineChoices() {
  define('radio-group', {
    properties: { name: String },
    build: (component, element) => group(component, element, 'radiogroup'),
  });
  define('checkbox-group', {
    properties: { name: String },
    build: (component, element) => group(component, element, 'group'),
  });
  define('radio', { properties: CHOICE, build: (component, element) => choice(component, element, 'radio') });
  define('checkbox', { properties: CHOICE, build: (component, element) => choice(component, element, 'checkbox') });
  define('switch', {
    properties: {
      checked: Boolean,
      disabled: Boolean,
      name: String,
      type: { type: String, value: 'switch' },
      color: String,
    },
    build(component, element) {
      const turn = () => {
        component.setData({ checked: !component.data.checked });
        fire(component, 'change', { value: component.data.checked });
      };
      const made = operable(component, element, 'switch', turn);
      return {
        ...made,
        control: {
          activate: () => element.click(),
          value: () => component.data.checked,
          reset: () => component.setData({ checked: false }),
        },
        changed: {
          ...made.changed,
          type: (type) => element.setAttribute('type', type),
          color: (color) => element.style.setProperty('--choice', color),
        },
      };
    },
  });
}

const CHOICE = { value: { type: null, value: '' }, checked: Boolean, disabled: Boolean, color: String };

function choice(component, element, kind) {
  const choose = () => {
    if (kind === 'radio' && component.data.checked) return;
    component.setData({ checked: !component.data.checked });
    const around = element.closest(`wx-${kind}-group`);
    if (kind === 'radio')
      for (const other of members(around, kind)) if (other !== component) other.setData({ checked: false });
    if (around) fire(around.wxControl.component, 'change', { value: around.wxControl.value() });
  };
  const made = operable(component, element, kind, choose);
  return {
    ...made,
    control: { activate: () => element.click() },
    changed: { ...made.changed, color: (color) => element.style.setProperty('--choice', color) },
  };
}

/** Something that is on or off, with a mark before its content. */
function operable(component, element, role, act) {
  const mark = document.createElement('span');
  mark.className = 'wx-mark';
  element.append(mark);
  element.setAttribute('role', role);
  element.setAttribute('aria-checked', 'false');
  element.tabIndex = 0;
  element.addEventListener('click', () => component.data.disabled || act());
  return {
    attached: () => nameByLabel(element),
    changed: {
      checked: (on) => element.setAttribute('aria-checked', String(on)),
      disabled(off) {
        element.toggleAttribute('disabled', off);
        element.setAttribute('aria-disabled', String(off));
        element.tabIndex = off ? -1 : 0;
      },
    },
  };
}

/** The words beside it are its name, where it has none of its own. */
function nameByLabel(element) {
  const label = element.closest('wx-label');
  if (!label || element.hasAttribute('aria-label')) return;
  label.id = label.id || `wx-label-${(labels += 1)}`;
  element.setAttribute('aria-labelledby', label.id);
}

function group(component, element, role) {
  element.setAttribute('role', role);
  const kind = role === 'radiogroup' ? 'radio' : 'checkbox';
  return {
    control: {
      value() {
        const chosen = members(element, kind)
          .filter(({ data }) => data.checked)
          .map(({ data }) => data.value);
        return kind === 'radio' ? (chosen[0] ?? '') : chosen;
      },
      reset: () => members(element, kind).forEach((one) => one.setData({ checked: false })),
    },
  };
}

function members(around, kind) {
  return around ? [...around.querySelectorAll(`wx-${kind}`)].map((element) => element.wxControl.component) : [];
}
