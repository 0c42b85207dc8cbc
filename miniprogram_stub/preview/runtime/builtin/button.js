// button and navigator.
import { answers, ask, make, tell } from '../overlays.js';
import { askWeChat } from '../setup.js';
import { asTap } from '../taps.js';
import { agree, needConsent } from '../wx/privacy.js';
import { showSettings } from '../wx/settings.js';
import { define, fire, reflect } from './define.js';

export function defineButtons() {
  define('button', {
    properties: {
      size: String,
      type: String,
      plain: Boolean,
      disabled: Boolean,
      loading: Boolean,
      formType: String,
      openType: String,
      name: String,
      sessionFrom: String,
      sendMessageTitle: String,
      showMessageCard: Boolean,
      phoneNumberNoQuotaToast: Boolean,
      lang: String,
    },
    build(component, element) {
      element.setAttribute('role', 'button');
      element.tabIndex = 0;
      // What the button itself does comes after its tap has been handled, as in WeChat.
      element.addEventListener(
        'click',
        () => component.data.disabled || setTimeout(() => asTap(() => act(component, element))),
      );
      return {
        control: { activate: () => element.click() },
        changed: {
          ...reflect(element, 'size', 'type', 'plain', 'loading'),
          disabled(off) {
            element.toggleAttribute('disabled', off);
            element.tabIndex = off ? -1 : 0;
            if (off) element.setAttribute('aria-disabled', 'true');
            else element.removeAttribute('aria-disabled');
          },
        },
      };
    },
  });

  define('navigator', {
    properties: {
      url: String,
      openType: { type: String, value: 'navigate' },
      delta: { type: Number, value: 1 },
      target: String,
    },
    build(component, element) {
      element.setAttribute('role', 'link');
      element.tabIndex = 0;
      element.addEventListener('click', () => {
        const { url, openType, delta } = component.data;
        const name = {
          navigate: 'navigateTo',
          redirect: 'redirectTo',
          navigateBack: 'navigateBack',
          switchTab: 'switchTab',
          reLaunch: 'reLaunch',
        }[openType];
        globalThis.wx[name]?.({ url, delta, success: () => {}, fail: ({ errMsg }) => console.error(errMsg) });
      });
    },
  });
}

async function act(component, element) {
  const { formType, openType } = component.data;
  const form = element.closest('wx-form');
  if (formType === 'submit') form?.wxForm.submit(component);
  if (formType === 'reset') form?.wxForm.reset();
  for (const kind of openType.split('|').filter(Boolean)) await OPEN[kind]?.(component, kind);
}

const OPEN = {
  agreePrivacyAuthorization(component) {
    agree();
    fire(component, 'agreeprivacyauthorization', { errMsg: 'agreePrivacyAuthorization:ok' });
  },
  getPhoneNumber: (component) => givePhone(component, 'getphonenumber', 'getPhoneNumber'),
  getRealtimePhoneNumber: (component) => givePhone(component, 'getrealtimephonenumber', 'getRealtimePhoneNumber'),
  async openSetting(component) {
    await showSettings();
    fire(component, 'opensetting', { errMsg: 'openSetting:ok', authSetting: {} });
  },
  async contact(component) {
    await tell({ title: '客服会话', text: '在微信里，这里打开和客服的对话。' });
    fire(component, 'contact', { errMsg: 'enterContact:ok', path: '', query: {} });
  },
  share: () => tell({ title: '转发', text: '在微信里，这里选择转发给谁。' }),
  feedback: () => tell({ title: '意见反馈', text: '在微信里，这里打开意见反馈页。' }),
};

/** WeChat asks whether the number may be given; the simulator then makes the code for it. */
async function givePhone(component, event, name) {
  try {
    await needConsent(name);
    if (!(await askForPhone())) return fire(component, event, { errMsg: `${name}:fail user deny` });
    const { code } = await askWeChat('phone');
    return fire(component, event, { errMsg: `${name}:ok`, code });
  } catch (error) {
    return fire(component, event, { errMsg: `${name}:fail ${error.message}`, errno: error.more?.errno });
  }
}

function askForPhone() {
  return ask('sheet', '手机号', (body, answer) => {
    body.append(make('h2', 'overlay-title', '小程序申请使用您的手机号'));
    body.append(make('p', 'overlay-text', '会给出这位模拟的人绑定微信的号码。'));
    body.append(answers({ cancel: '不允许', confirm: '允许' }, answer));
  });
}
