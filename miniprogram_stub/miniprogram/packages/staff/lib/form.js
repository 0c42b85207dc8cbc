/** From a table of fields to what is shown, from what was filled in to the body, from a refusal to its fields. */

/** @typedef {import('./acts').Field} Field */
/** @typedef {import('./acts').Values} Values */
/** @typedef {import('./acts').Context} Context */

const EMPTY = ['required', 'text_empty', 'choice_invalid', 'null_not_allowed', 'type_invalid', 'conditionally_required'];

/** Problems of the whole request that stand beside one field. */
const BESIDE = {
  backdating_not_allowed: 'occurred_at',
  handoff_target_unavailable: 'place',
  handoff_to_self: 'place',
  subject_conflict: 'place',
};

/** @param {Field} field what the server calls it */
const serverName = ({ of, name }) => of || name.split('.')[0];

/**
 * The fields of a form now: only those the server lists, only those that what is chosen calls for.
 * @param {Field[]} fields
 * @param {string[] | null} listed by the server; null where nothing is listed
 * @param {Values} values
 * @param {Context} context
 */
const shownOf = (fields, listed, values, context) =>
  fields.filter(
    (field) => (!listed || listed.includes(serverName(field))) && (!field.when || field.when(values, context)),
  );

/**
 * What the server lists and no field here is for.
 * @param {Field[]} fields
 * @param {string[]} listed
 * @param {Record<string, any>} fixed
 */
function unknownOf(fields, listed, fixed) {
  const known = [...fields.map(serverName), ...fields.flatMap((field) => field.also || []), ...Object.keys(fixed)];
  return listed.filter((name) => !known.includes(name));
}

/**
 * @param {Field[]} fields
 * @param {Context} context
 * @returns {Values} what is chosen before anybody chose
 */
const firstValues = (fields, context) =>
  Object.fromEntries(
    fields
      .filter((field) => field.first !== undefined)
      .map(({ name, first }) => [name, typeof first === 'function' ? first(context) : first]),
  );

/**
 * As the form's component draws them.
 * @param {Field[]} shown
 * @param {Values} values
 * @param {Record<string, string>} errors
 * @param {Context} context
 */
const drawn = (shown, values, errors, context) =>
  shown.map((field) => ({
    name: field.name,
    kind: field.kind,
    label: field.label,
    heading: field.heading || '',
    hint: field.hint || '',
    optional: Boolean(field.optional),
    limit: field.limit || 0,
    layout: field.layout || 'column',
    none: field.none || '请选择',
    how: field.how ? field.how(context) : {},
    options: field.optionsOf ? field.optionsOf(context) : field.options || [],
    value: values[field.name] === undefined ? blankOf(field) : values[field.name],
    error: errors[field.name] || '',
  }));

/** @param {Field} field */
function blankOf({ kind }) {
  if (kind === 'tick') return false;
  if (kind === 'place') return {};
  return kind === 'units' ? [] : '';
}

/**
 * Only what is shown and filled in is sent.
 * @param {Field[]} shown
 * @param {Values} values
 * @param {Record<string, any>} [fixed]
 */
function bodyOf(shown, values, fixed = {}) {
  /** @type {Record<string, any>} */
  const body = { ...fixed };
  for (const field of shown) put(body, field, values[field.name]);
  return body;
}

/**
 * @param {Record<string, any>} body
 * @param {Field} field
 * @param {any} value
 */
function put(body, field, value) {
  if (isBlank(value)) return;
  if (field.kind === 'place') Object.assign(body, value);
  else if (field.kind === 'task') body.tasks = [...(body.tasks || []), { unit: field.name.split('.')[1], task: value }];
  else if (field.kind === 'lines') setIn(body, field.name, linesOf(value));
  else if (field.kind === 'number') setIn(body, field.name, numberOf(value));
  else if (field.kind === 'tick') setIn(body, field.name, field.sends || true);
  else setIn(body, field.name, field.trims ? value.trim() : value);
}

/** @param {any} value */
function isBlank(value) {
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || value === false;
}

/** @param {string} text one on a line */
const linesOf = (text) =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);

/** @param {string} text what is no number goes as it is, and is refused */
const numberOf = (text) => (/^\d{1,8}$/.test(text.trim()) ? Number(text.trim()) : text);

/**
 * @param {Record<string, any>} body
 * @param {string} path
 * @param {any} value
 */
function setIn(body, path, value) {
  const parts = path.split('.');
  const last = /** @type {string} */ (parts.pop());
  let place = body;
  for (const part of parts) place = place[part] = place[part] || {};
  place[last] = value;
}

/**
 * Where each sentence of a refusal belongs.
 * @param {import('../../../lib/problem').Trouble} problem
 * @param {Field[]} shown
 * @returns {{errors: Record<string, string>, rest: string[]}} by the fields' names; and what belongs to none
 */
function errorsOf(problem, shown) {
  /** @type {Record<string, string>} */
  const errors = {};
  /** @type {string[]} */
  const rest = [];
  for (const { pointer, code, detail } of problem.errors) {
    const path = pointer.replace(/^\//, '').replaceAll('/', '.');
    const field = shown.find((one) => answersFor(one, path));
    if (!field) rest.push(detail);
    else errors[field.name] = errors[field.name] || (EMPTY.includes(code) && field.ask) || detail;
  }
  const beside = BESIDE[/** @type {keyof typeof BESIDE} */ (problem.code)];
  if (beside && shown.some((field) => field.name === beside)) errors[beside] = problem.detail;
  return { errors, rest };
}

/** @param {Field} field @param {string} path */
const answersFor = (field, path) =>
  [field.name, ...(field.also || [])].some((name) => path === name || new RegExp(`^${name}\\.\\d+$`).test(path));

/**
 * One sentence over the button: what has to be changed.
 * @param {import('../../../lib/problem').Trouble} problem
 * @param {Field[]} shown
 * @param {{errors: Record<string, string>, rest: string[]}} found
 */
function noticeOf(problem, shown, { errors, rest }) {
  const labels = shown.filter((field) => errors[field.name]).map((field) => field.label);
  if (!labels.length && !rest.length) return problem.detail;
  const named = labels.length ? `请修改：${labels.join('、')}。` : '';
  return [named, ...rest].filter(Boolean).join('\n');
}

module.exports = { bodyOf, drawn, errorsOf, firstValues, noticeOf, shownOf, unknownOf };
