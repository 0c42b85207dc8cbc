// WeChat's own dialogs, inside the screen of the phone: real dialogs, so that keyboard and screen reader are kept in.
import { asTap } from './taps.js';

let count = 0;

/**
 * Show a dialog until it is answered. `fill(body, answer)` puts its content in; Escape answers null.
 * `kind` is `sheet` (from the bottom) or `box` (in the middle).
 */
export function ask(kind, label, fill) {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    dialog.className = `overlay overlay-${kind}`;
    dialog.setAttribute('aria-label', label);
    const answer = (value) => {
      dialog.close();
      dialog.remove();
      asTap(() => resolve(value));
    };
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      answer(null);
    });
    if (kind === 'sheet') dialog.addEventListener('click', (event) => event.target === dialog && answer(null));
    fill(dialog, answer);
    document.body.append(dialog);
    dialog.showModal();
  });
}

export function make(tag, className, text, more = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return Object.assign(element, more);
}

export function button(className, text, onclick) {
  return make('button', className, text, { type: 'button', onclick });
}

/** A row of two answers; without `cancel` one. */
export function answers({ cancel, confirm }, answer) {
  const row = make('div', 'overlay-answers');
  if (cancel) row.append(button('overlay-cancel', cancel, () => answer(null)));
  row.append(button('overlay-confirm', confirm, () => answer(true)));
  return row;
}

/** Something to read, with one way on. */
export function tell({ title, text, button: label = '知道了' }) {
  return ask('box', title, (body, answer) => {
    body.append(make('h2', 'overlay-title', title));
    if (text) body.append(make('p', 'overlay-text', text));
    body.append(answers({ confirm: label }, answer));
  });
}

/** One of several; the index, or null when nothing was chosen. */
export function choose({ title, items, color, chosen, cancel = '取消' }) {
  return ask('sheet', title, (body, answer) => {
    body.append(make('h2', 'overlay-title', title));
    const list = make('div', 'overlay-list');
    items.forEach((item, index) => {
      const one = button('overlay-item', item, () => answer(index));
      if (color) one.style.color = color;
      if (index === chosen) one.setAttribute('aria-current', 'true');
      list.append(one);
    });
    body.append(
      list,
      button('overlay-cancel', cancel, () => answer(null)),
    );
    queueMicrotask(() => list.querySelector('[aria-current]')?.scrollIntoView({ block: 'center' }));
  });
}

/** A field with a label; the id ties them. */
export function field(label, input) {
  const id = `overlay-field-${(count += 1)}`;
  input.id = id;
  const row = make('div', 'overlay-field');
  row.append(make('label', '', label, { htmlFor: id }), input);
  return row;
}
