/**
 * Every act of the office that this mini program has a form for. Which of them are open, and with which fields, the
 * server says; a table here gives words, hints and controls. What it has no form for is done at the desk.
 *
 * @typedef {{inquiry: any, me?: any, units?: any[], matters?: any[]}} Context
 * @typedef {Record<string, any>} Values
 * @typedef {object} Field
 * @property {string} name where the value goes in the body; a dot leads into an object
 * @property {'line' | 'text' | 'number' | 'lines' | 'choice' | 'pick' | 'tick' | 'when' | 'place' | 'units' | 'task'} kind
 * @property {string} label
 * @property {string} [heading] begins a part of the form
 * @property {string} [hint]
 * @property {boolean} [optional]
 * @property {number} [limit] longest text, in characters
 * @property {string} [ask] what to say when it is empty
 * @property {string} [of] the server's name of the field, where it is not the first part of `name`
 * @property {{value: string, label: string, hint?: string}[]} [options]
 * @property {(context: Context) => {value: string, label: string}[]} [optionsOf]
 * @property {string} [none] what the first line of a wheel says
 * @property {string} [layout] of choices
 * @property {any} [first] what it is before anybody chose, or how the inquiry tells it
 * @property {string} [sends] what a tick sends, where that is not `true`
 * @property {boolean} [trims] leaves out white space around it
 * @property {string[]} [also] further names the server may call an error of it by
 * @property {(context: Context) => Record<string, any>} [how] what the pickers of places offer (lib/places.js)
 * @property {(values: Values, context: Context) => boolean} [when] whether it is shown
 *
 * @typedef {object} Act
 * @property {string} icon
 * @property {string} [title] over its form, where the server's label is too short
 * @property {string | ((context: Context) => string)} [lead]
 * @property {string} submit what its button says
 * @property {boolean} [quiet] not the main thing to do
 * @property {string} done said when it is done
 * @property {Field[] | ((context: Context) => Field[])} fields
 * @property {Record<string, any>} [fixed] parts of the body that nobody chooses
 * @property {string[]} [needs] what its form is chosen from: directory, matters
 * @property {boolean} [reminds] a natural tap to ask for more messages at
 * @property {(values: Values, context: Context) => string} [confirm] asked before it is sent, '' for nothing
 */
const closing = require('./acts-closing');
const handing = require('./acts-handing');
const joint = require('./acts-joint');
const limits = require('./acts-limits');
const outside = require('./acts-outside');
const taking = require('./acts-taking');
const urging = require('./acts-urging');

/** @type {Record<string, Act>} */
const ACTS = {
  ...taking.ACTS,
  ...handing.ACTS,
  ...outside.ACTS,
  ...closing.ACTS,
  ...limits.ACTS,
  ...joint.ACTS,
  ...urging.ACTS,
};

/** Shown as buttons; the rest stand in a list below them. */
const PRIMARY = ['confirm', 'accept', 'return', 'hand_over', 'close'];

/** 考核、督查、问责, and the checks they rest on, are not for a mini program (国办函〔2026〕12号). */
const DESK_ONLY = ['open_lead', 'spot_check'];
const AT_THE_DESK = '请在电脑工作台办理';

/** @param {string} name @returns {Act | null} */
const actOf = (name) => (DESK_ONLY.includes(name) ? null : ACTS[name] || null);

/**
 * The server's actions in its order: main ones as buttons, others as lines, those without a form as words.
 * @param {any[]} actions
 * @param {(name: string) => boolean} hasDraft whether something was written for it and not sent
 */
function sorted(actions, hasDraft) {
  const shown = actions.map(({ name, label }) => {
    const act = actOf(name);
    return { name, label, icon: act ? act.icon : 'info', atDesk: !act, drafted: hasDraft(name) };
  });
  return {
    primary: shown.filter((one) => PRIMARY.includes(one.name)),
    others: shown.filter((one) => !PRIMARY.includes(one.name)),
  };
}

module.exports = { ACTS, AT_THE_DESK, DESK_ONLY, PRIMARY, actOf, sorted };
