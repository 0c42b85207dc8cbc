// Sign-in and subscription messages: what WeChat does outside the mini program, done by the simulator.
import { answers, ask, make } from '../overlays.js';
import { askWeChat, remembered, setup } from '../setup.js';
import { isTapping } from '../taps.js';
import { asynchronous, Failure } from './calls.js';

const MOST_TEMPLATES = 3;
const ANSWERS_KEY = 'subscriptions';

async function requestSubscribeMessage({ tmplIds }) {
  if (!isTapping()) throw new Failure('can only be invoked by user TAP gesture', { errCode: 10005 });
  if (!tmplIds?.length) throw new Failure('tmplIds is empty', { errCode: 10001 });
  if (tmplIds.length > MOST_TEMPLATES) throw new Failure('templates count out of max bounds', { errCode: 20003 });
  const unknown = tmplIds.find((id) => !setup.templates.some((template) => template.id === id));
  if (unknown) throw new Failure('No template data return, verify the template id exist', { errCode: 20001 });
  if (settingsOf().mainSwitch === false) throw new Failure('The main switch is switched off', { errCode: 20004 });
  const results = { ...(await answersTo(tmplIds)) };
  try {
    await askWeChat('subscriptions', { results });
  } catch (error) {
    throw new Failure(error.message, { errCode: error.errCode ?? 10002 });
  }
  return results;
}

/** WeChat does not show again what somebody ticked 不再询问 for; each call counts all the same. */
async function answersTo(tmplIds) {
  const kept = settingsOf().itemSettings;
  const open = tmplIds.filter((id) => !kept[id]);
  const known = Object.fromEntries(tmplIds.filter((id) => kept[id]).map((id) => [id, kept[id]]));
  if (!open.length) return known;
  const { chosen, always } = await promptFor(open);
  if (always) remembered.write(ANSWERS_KEY, { ...settingsOf(), itemSettings: { ...kept, ...chosen } });
  return { ...known, ...chosen };
}

async function promptFor(ids) {
  const boxes = new Map(ids.map((id) => [id, make('input', '', undefined, { type: 'checkbox', checked: true })]));
  const always = make('input', '', undefined, { type: 'checkbox' });
  const isAllowed = await ask('sheet', '订阅消息', (body, answer) => {
    body.append(make('h2', 'overlay-title', '小程序想给您发送下面的消息'));
    const list = make('div', 'overlay-checks');
    for (const [id, box] of boxes) {
      const label = make('label', '');
      label.append(box, setup.templates.find((template) => template.id === id).title);
      list.append(label);
    }
    const keep = make('label', 'overlay-keep');
    keep.append(always, '总是保持以上选择，不再询问');
    body.append(list, keep, answers({ cancel: '取消', confirm: '允许' }, answer));
  });
  const chosen = Object.fromEntries(
    [...boxes].map(([id, box]) => [id, isAllowed && box.checked ? 'accept' : 'reject']),
  );
  return { chosen, always: always.checked };
}

/** What somebody set about messages: as WeChat, only the answers that are kept. */
export function settingsOf() {
  return { mainSwitch: true, itemSettings: {}, ...remembered.read(ANSWERS_KEY) };
}

export function keepSettings(changed) {
  remembered.write(ANSWERS_KEY, { ...settingsOf(), ...changed });
}

export const accountFunctions = {
  login: asynchronous('login', async () => ({ code: (await askWeChat('login')).js_code })),
  checkSession: asynchronous('checkSession', () => ({})),
  getAccountInfoSync: () => ({ miniProgram: { appId: setup.appid, envVersion: 'develop', version: '' }, plugin: {} }),
  requestSubscribeMessage: asynchronous('requestSubscribeMessage', requestSubscribeMessage),
};
