/** Filing: from what a form holds to an inquiry that is safe, and then its photos one by one. */
const { endpoint } = require('./contract');
const { request, upload } = require('./http');
const { newKey } = require('./keys');
const { asProblem } = require('./problem');
const tracking = require('./tracking');

/** @typedef {{path: string, name: string, size: number}} Chosen */

/**
 * @param {Record<string, any>} values
 * @param {{sign?: string, unit?: string, section?: string}} place
 * @returns {Record<string, any>} the body of POST /inquiries; what is empty is not sent
 */
function bodyOf(values, place) {
  /** @type {Record<string, any>} */
  const body = { ...filled(place), category: values.category, content: values.content };
  if (values.category === 'complaint' && values.about_kind) {
    body.about = { kind: values.about_kind, ...filled({ name: values.about_name }) };
  }
  const contact = filled({ name: values.name, org_name: values.kind !== 'person' && values.org_name, phone: values.phone });
  if (Object.keys(contact).length) body.contact = { kind: values.kind || 'person', ...contact };
  if (values.duplicate_ok) body.duplicate_ok = true;
  return body;
}

/**
 * What can be said before asking the server; it decides.
 * @param {Record<string, any>} values
 * @returns {Record<string, string>}
 */
function missing(values) {
  /** @type {Record<string, string>} */
  const found = {};
  if (!values.category) found.category = '请选择您要做什么。';
  if (values.category === 'complaint' && !values.about_kind) found.about_kind = '请选择投诉谁。';
  if (!(values.content || '').trim()) found.content = '请说说情况。';
  if (!values.agreed) found.agreed = '请先看一看并同意，再提交。';
  return found;
}

/**
 * Signed in where WeChat lets us, so that it stands in 我的事项; else without, and this phone keeps the capability.
 * @param {Record<string, any>} body
 * @param {string} key
 * @param {{as?: string}} draft remembers by which door the first try went: keys belong to who sent them
 * @param {(as: string) => void} remember called before sending
 * @returns {Promise<any>} the answer of filing; rejects with a Problem
 */
async function file(body, key, draft, remember) {
  const door = draft.as || 'citizen';
  try {
    remember(door);
    return await fileBy(door, body, key);
  } catch (error) {
    // Nothing was sent yet where the sign-in itself failed: the words go in by the other door.
    if (door !== 'citizen' || !isSignInTrouble(asProblem(error))) throw error;
    remember('nobody');
    return fileBy('nobody', body, key);
  }
}

/**
 * @param {string} door
 * @param {Record<string, any>} body
 * @param {string} key
 */
async function fileBy(door, body, key) {
  const { data } = await request({
    method: 'POST',
    path: endpoint('inquiries'),
    data: door === 'citizen' ? body : withoutDuplicate(body),
    as: /** @type {any} */ (door),
    key,
  });
  if (door === 'nobody') tracking.keep(data.number, data.tracking_token);
  return data;
}

/** @param {import('./problem').Trouble} problem */
const isSignInTrouble = ({ code }) => ['wechat_unavailable', 'wechat_not_set_up', 'code_invalid', 'code_used', 'code_blocked'].includes(code);

/** @param {Record<string, any>} body */
function withoutDuplicate({ duplicate_ok: _ok, ...rest }) {
  return rest;
}

/**
 * @param {string} number
 * @param {Chosen[]} files
 * @returns {Promise<{name: string, detail: string}[]>} those that did not arrive, and why; never rejects
 */
async function sendFiles(number, files) {
  const failed = [];
  for (const { path, name } of files) {
    try {
      await upload({ path: endpoint('attachments', { number }), file: path, as: tracking.speakerOf(number), key: newKey() });
    } catch (error) {
      failed.push({ name, detail: asProblem(error).detail });
    }
  }
  return failed;
}

/** @param {Record<string, any>} values */
function filled(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
}

module.exports = { bodyOf, missing, file, sendFiles, filled };
