/** 督办、批示, and the opinions of 科室负责人 and 分管领导 in the ledger (泸 附件2). */
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

/** Where there is but one, it need not be chosen. @param {import('./acts').Context} context */
const onlyRole = ({ inquiry: { opinion_roles: roles } }) => (roles && roles.length === 1 ? roles[0].value : '');

/** @type {Record<string, import('./acts').Act>} */
const ACTS = {
  supervise: urging('supervision', '督办'),
  instruct: urging('instruction', '批示'),
  sign_off: {
    icon: 'pen',
    lead: '写进台账的意见一栏，不影响办理。以后再写的会代替前面的，前面的也留着。',
    submit: '签署意见',
    done: '意见已签署',
    fields: [
      {
        name: 'role',
        kind: 'choice',
        label: '以什么身份',
        optionsOf: ({ inquiry }) => inquiry.opinion_roles || [],
        first: onlyRole,
        ask: '请选择以什么身份签署。',
      },
      {
        name: 'text',
        kind: 'text',
        label: '意见',
        limit: LIMITS.sign_off,
        hint: '最多 500 字，群众看不到',
        ask: '请写下意见。',
      },
    ],
  },
};

module.exports = { ACTS };
