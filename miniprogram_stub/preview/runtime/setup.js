// What the preview is connected to: the mini program's AppID, its templates, the demo's signs; and who holds the phone.

const DEFAULT_PERSON = '王女士';
const PERSON_KEY = 'phone:person';

/** Filled by `loadSetup`; without a server (a page opened from a folder) it stays as it is. */
export const setup = { appid: 'wx0000000000000000', templates: [], signs: [] };

export async function loadSetup() {
  const answer = await fetch('/_phone/setup', { cache: 'no-store' }).catch(() => null);
  if (answer?.ok) Object.assign(setup, await answer.json());
}

/** The simulated person who holds this phone: named in the address, else the one of last time. */
export const person =
  new URLSearchParams(location.search).get('person') || localStorage.getItem(PERSON_KEY) || DEFAULT_PERSON;

/** Ask what WeChat itself would do of the preview's server. Rejects when it refuses. */
export async function askWeChat(act, body) {
  const answer = await fetch(`/_phone/people/${encodeURIComponent(person)}/${act}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body || {}),
  });
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(found.error || `${answer.status}`), found);
  return found;
}

/** What WeChat keeps of this person outside the mini program's own storage: consent, remembered answers. */
export const remembered = {
  read: (name) => JSON.parse(localStorage.getItem(`phone:${person}:wechat:${name}`) || 'null'),
  write: (name, value) => localStorage.setItem(`phone:${person}:wechat:${name}`, JSON.stringify(value)),
};
