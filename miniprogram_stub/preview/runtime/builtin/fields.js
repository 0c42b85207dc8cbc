// input and textarea.
import { define, fire } from './define.js';

/** WeChat cuts after so many characters unless a template says otherwise. */
const MAX_LENGTH = 140;
const MODES = { number: 'numeric', digit: 'decimal', idcard: 'text' };

const SHARED = {
  value: { type: null, value: '' },
  placeholder: String,
  placeholderStyle: String,
  placeholderClass: String,
  disabled: Boolean,
  name: String,
  maxlength: { type: Number, value: MAX_LENGTH },
  focus: Boolean,
  autoFocus: Boolean,
  cursorSpacing: Number,
  cursor: Number,
  confirmType: String,
  confirmHold: Boolean,
  holdKeyboard: Boolean,
  adjustPosition: { type: Boolean, value: true },
  selectionStart: Number,
  selectionEnd: Number,
  alwaysEmbed: Boolean,
};

export function defineFields() {
  define('input', {
    properties: { ...SHARED, type: { type: String, value: 'text' }, password: Boolean },
    build(component, element) {
      const input = document.createElement('input');
      const setType = () => {
        const { type, password } = component.data;
        input.type = password || type === 'safe-password' ? 'password' : 'text';
        input.inputMode = MODES[type] || 'text';
      };
      input.addEventListener('keydown', ({ key, isComposing }) => {
        if (key === 'Enter' && !isComposing) fire(component, 'confirm', { value: input.value });
      });
      return field(component, element, input, { type: setType, password: setType });
    },
  });

  define('textarea', {
    properties: {
      ...SHARED,
      autoHeight: Boolean,
      fixed: Boolean,
      showConfirmBar: { type: Boolean, value: true },
      disableDefaultPadding: Boolean,
      showCount: Boolean,
    },
    build(component, element) {
      const area = document.createElement('textarea');
      const fit = () => {
        if (!component.data.autoHeight) return;
        area.style.height = 'auto';
        if (!area.scrollHeight) return; // not laid out yet
        area.style.height = `${area.scrollHeight}px`;
        fire(component, 'linechange', { height: area.scrollHeight, lineCount: area.value.split('\n').length });
      };
      const later = () => requestAnimationFrame(fit);
      area.addEventListener('input', fit);
      const made = field(
        component,
        element,
        area,
        { autoHeight: (on) => (element.toggleAttribute('auto-height', on), later()) },
        later,
      );
      return { ...made, attached: () => (made.attached(), later()) };
    },
  });
}

function field(component, element, control, more, onValue = () => {}) {
  control.maxLength = MAX_LENGTH;
  element.append(control);
  control.addEventListener('input', (event) => {
    // The engine would hand the browser's own event to bindinput as well, without a value.
    event.stopPropagation();
    // A template that binds the value with model: hears of it from the property itself.
    component.setData({ value: control.value });
    fire(component, 'input', {
      value: control.value,
      cursor: control.selectionStart ?? control.value.length,
      keyCode: 0,
    });
  });
  control.addEventListener('focus', () => fire(component, 'focus', { value: control.value, height: 0 }));
  control.addEventListener('blur', () =>
    fire(component, 'blur', { value: control.value, cursor: control.selectionStart ?? 0 }),
  );
  const show = (value) => {
    const text = value === null || value === undefined ? '' : String(value);
    if (control.value !== text) control.value = text;
    onValue();
  };
  const paint = () => paintPlaceholder(component, element, control);
  return {
    spoken: control,
    attached() {
      paint();
      if (component.data.focus || component.data.autoFocus) control.focus();
    },
    control: {
      activate: () => control.focus(),
      value: () => control.value,
      reset: () => (component.setData({ value: '' }), show('')),
    },
    changed: {
      value: show,
      placeholder: (text) => (control.placeholder = text),
      placeholderStyle: paint,
      placeholderClass: paint,
      disabled: (off) => (control.disabled = off),
      maxlength: (length) => (length < 0 ? control.removeAttribute('maxlength') : (control.maxLength = length)),
      focus: (on) => on && element.isConnected && control.focus(),
      confirmType: (kind) => (control.enterKeyHint = kind),
      ...more,
    },
  };
}

/** The browser's placeholder takes no class of ours: its colour is found out on an element that has the class. */
function paintPlaceholder(component, element, control) {
  const { placeholderClass, placeholderStyle } = component.data;
  if (!element.isConnected || (!placeholderClass && !placeholderStyle)) return;
  const { ownerSpace } = component.ownerShadowRoot.getHostNode().getComponentDefinition().behavior;
  const { styleScope } = component.ownerShadowRoot.getHostNode().getComponentOptions();
  const scope = ownerSpace.styleScopeManager.queryName(styleScope);
  const probe = document.createElement('span');
  probe.style.cssText = placeholderStyle;
  probe.className = placeholderClass
    .split(/\s+/)
    .filter(Boolean)
    .map((name) => (scope ? `${scope}--${name}` : name))
    .join(' ');
  element.append(probe);
  control.style.setProperty('--placeholder', getComputedStyle(probe).color);
  probe.remove();
}
