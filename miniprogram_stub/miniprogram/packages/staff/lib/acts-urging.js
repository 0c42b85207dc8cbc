/** 督办、批示. */
const { LIMITS } = require('../../../lib/contract');

/**
 * @param {string} kind
 * @param {string} word
 * @returns {import('./acts').Act}
 */
const urging = (kind, word) => ({
  icon: 'flag',
  submit: word,
  done: `已${word}`,
  fixed: { kind },
  fields: [
    {
      name: 'text',
      kind: 'text',
      label: `${word}内容`,
      limit: LIMITS.text,
      hint: `承办人会马上收到；群众只看到有${word}和时间，看不到内容`,
      ask: `请写明${word}的内容。`,
    },
  ],
});

/** @type {Record<string, import('./acts').Act>} */
const ACTS = { supervise: urging('supervision', '督办'), instruct: urging('instruction', '批示') };

module.exports = { ACTS };
