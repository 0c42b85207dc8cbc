// WeChat's own settings of the mini program: messages and consent.
import { answers, ask, make } from '../overlays.js';
import { askWeChat } from '../setup.js';
import { keepSettings, settingsOf } from './account.js';
import { asynchronous } from './calls.js';

function found(withSubscriptions) {
  return { authSetting: {}, ...(withSubscriptions && { subscriptionsSetting: settingsOf() }) };
}

/** Somebody changes what messages the mini program may send. Switching off takes back what was allowed before. */
export async function showSettings() {
  const { mainSwitch, itemSettings } = settingsOf();
  const main = make('input', '', undefined, { type: 'checkbox', checked: mainSwitch });
  const forget = make('input', '', undefined, { type: 'checkbox', disabled: !Object.keys(itemSettings).length });
  const isConfirmed = await ask('sheet', '设置', (body, answer) => {
    body.append(make('h2', 'overlay-title', '设置'));
    const list = make('div', 'overlay-checks');
    for (const [box, text] of [
      [main, '接收通知消息'],
      [forget, '下次重新询问'],
    ]) {
      const label = make('label', '');
      label.append(box, text);
      list.append(label);
    }
    body.append(list, answers({ cancel: '取消', confirm: '完成' }, answer));
  });
  if (!isConfirmed) return;
  keepSettings({ mainSwitch: main.checked, ...(forget.checked && { itemSettings: {} }) });
  if (mainSwitch && !main.checked) await askWeChat('withdraw');
}

export const settingFunctions = {
  getSetting: asynchronous('getSetting', ({ withSubscriptions }) => found(withSubscriptions)),
  openSetting: asynchronous('openSetting', async ({ withSubscriptions }) => {
    await showSettings();
    return found(withSubscriptions);
  }),
};
