// form and label: what brings controls together.
import { hasNamedBehavior } from '../engine.js';
import { define, fire } from './define.js';

export function defineForm() {
  define('form', {
    properties: { reportSubmit: Boolean, reportSubmitTimeout: Number },
    build(component, element) {
      element.wxForm = {
        submit: (button) =>
          fire(component, 'submit', { value: valuesIn(element), target: { id: button.id, dataset: button.dataset } }),
        reset() {
          for (const { wxControl } of controlsIn(element)) wxControl.reset?.();
          fire(component, 'reset', { target: {} });
        },
      };
    },
  });

  define('label', {
    properties: { for: String },
    build(component, element) {
      element.addEventListener('click', (event) => {
        const named = component.data.for && component.ownerShadowRoot.querySelector(`#${component.data.for}`)?.$$;
        const inside = controlsIn(element);
        // The control itself was tapped: it knows.
        if (inside.some((control) => control.contains(event.target))) return;
        const control = named || inside[0];
        control?.wxControl?.activate();
      });
    },
  });
}

const controlsIn = (element) =>
  [...element.querySelectorAll('*')].filter((one) => one.wxControl?.activate || one.wxControl?.value);

function valuesIn(form) {
  const values = {};
  for (const { wxControl, __wxElement: own } of form.querySelectorAll('*')) {
    if (wxControl?.value && wxControl.component.data.name) values[wxControl.component.data.name] = wxControl.value();
    if (own && hasNamedBehavior(own, 'wx://form-field') && own.data.name) values[own.data.name] = own.data.value;
  }
  return values;
}
