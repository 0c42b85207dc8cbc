// Consent to the privacy guide. WeChat asks for it before the first use of whatever handles personal data.
import { answers, ask, button, make, tell } from '../overlays.js';
import { remembered } from '../setup.js';
import { asynchronous, Failure } from './calls.js';

const CONSENT_KEY = 'privacy';
const CONTRACT = '《首问码小程序隐私保护指引》';
const REFUSED = { errno: 104 };

let listener = null;
let waiting = null;

export const hasAgreed = () => remembered.read(CONSENT_KEY) === true;

export function agree() {
  remembered.write(CONSENT_KEY, true);
}

/** Resolves once somebody has agreed; throws the Failure of the refused call otherwise. */
export async function needConsent(api) {
  if (hasAgreed()) return;
  waiting = waiting || askForConsent(api).finally(() => (waiting = null));
  const isAgreed = await waiting;
  if (!isAgreed) throw new Failure('privacy permission is not authorized', REFUSED);
}

/** The mini program's own question when it has one, WeChat's otherwise. */
async function askForConsent(api) {
  const isAgreed = listener ? await askByListener(api) : await askByWeChat();
  if (isAgreed) agree();
  return isAgreed;
}

function askByListener(api) {
  return new Promise((resolve) => {
    const answered = ({ event }) => {
      if (event === 'agree') resolve(true);
      if (event === 'disagree') resolve(false);
    };
    listener(answered, { referrer: api });
  });
}

async function askByWeChat() {
  const agreed = await ask('sheet', '用户隐私保护提示', (body, answer) => {
    body.append(make('h2', 'overlay-title', '用户隐私保护提示'));
    body.append(make('p', 'overlay-text', '使用前请阅读隐私保护指引。同意后才能使用这项功能。'));
    body.append(button('overlay-link', CONTRACT, openContract));
    body.append(answers({ cancel: '拒绝', confirm: '同意' }, answer));
  });
  return agreed === true;
}

function openContract() {
  return tell({ title: CONTRACT, text: '在微信里，这里打开公众平台后台填写的隐私保护指引。' });
}

/** Functions that WeChat lets run only after consent. */
export function withConsent(name, run) {
  return asynchronous(name, async (options) => {
    await needConsent(name);
    return run(options);
  });
}

export const privacyFunctions = {
  getPrivacySetting: asynchronous('getPrivacySetting', () => ({
    needAuthorization: !hasAgreed(),
    privacyContractName: CONTRACT,
  })),
  onNeedPrivacyAuthorization: (given) => {
    listener = given;
  },
  requirePrivacyAuthorize: withConsent('requirePrivacyAuthorize', () => ({})),
  openPrivacyContract: asynchronous('openPrivacyContract', () => void openContract()),
};
