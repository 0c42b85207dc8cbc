// picker: WeChat's wheel is a list here, so that keyboard and screen reader can use it.
import { answers, ask, choose, field, make } from '../overlays.js';
import { define, fire } from './define.js';

const INPUTS = { date: { day: 'date', month: 'month' }, time: { day: 'time' } };

export function definePicker() {
  define('picker', {
    properties: {
      mode: { type: String, value: 'selector' },
      range: { type: null, value: [] },
      rangeKey: String,
      value: null,
      name: String,
      start: String,
      end: String,
      fields: { type: String, value: 'day' },
      headerText: String,
      disabled: Boolean,
    },
    build(component, element) {
      element.setAttribute('role', 'button');
      element.setAttribute('aria-haspopup', 'dialog');
      element.tabIndex = 0;
      element.addEventListener('click', async () => {
        if (component.data.disabled) return;
        const value = await pick(
          component.data,
          element.getAttribute('aria-label') || component.data.headerText || '请选择',
        );
        if (value === null) return fire(component, 'cancel');
        component.setData({ value });
        return fire(component, 'change', { value });
      });
      return {
        control: {
          activate: () => element.click(),
          value: () => component.data.value ?? '',
          reset: () => component.setData({ value: component.data.mode === 'selector' ? 0 : '' }),
        },
        changed: { disabled: (off) => element.setAttribute('aria-disabled', String(off)) },
      };
    },
  });
}

async function pick(data, title) {
  return data.mode === 'date' || data.mode === 'time' ? pickMoment(data, title) : pickItem(data, title);
}

/** WeChat hands the index over as text. */
async function pickItem({ range, rangeKey, value }, title) {
  const items = (range || []).map((item) => String(rangeKey ? item[rangeKey] : item));
  const index = await choose({ title, items, chosen: Number(value) });
  return index === null ? null : String(index);
}

async function pickMoment({ mode, fields, value, start, end }, title) {
  const input = make('input', '', undefined, {
    type: INPUTS[mode][fields] || INPUTS[mode].day,
    value: value || '',
    min: start,
    max: end,
  });
  const confirmed = await ask('sheet', title, (body, answer) => {
    body.append(make('h2', 'overlay-title', title), field(mode === 'date' ? '日期' : '时间', input));
    // WeChat's wheel cannot be turned past its ends.
    const check = (given) => answer(given && input.value && input.checkValidity() ? true : null);
    body.append(answers({ cancel: '取消', confirm: '确定' }, check));
  });
  return confirmed ? input.value : null;
}
