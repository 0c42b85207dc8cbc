/** Roles in words, and what they open in this mini program. The server decides; here only what would be empty is left out. */
const ROLES = {
  handler: '工作人员',
  post_holder: '首问责任岗',
  section_head: '科室负责人',
  general_post: '首问责任总岗',
  deputy_leader: '分管领导',
  principal_leader: '主要领导',
  discipline: '机关纪委',
  overseer: '牵头部门',
  auditor: '审计',
  sysadmin: '系统管理',
};
const DESK_ROLES = ['overseer', 'auditor', 'sysadmin'];
const REGISTRARS = ['handler', 'post_holder', 'section_head', 'general_post'];
const LEDGER_READERS = [
  'handler',
  'post_holder',
  'section_head',
  'deputy_leader',
  'general_post',
  'principal_leader',
  'discipline',
];
const UNIT_ASSIGNERS = ['general_post', 'principal_leader', 'discipline', 'deputy_leader'];

/** @param {string[]} roles */
const rolesText = (roles) =>
  Object.entries(ROLES)
    .filter(([role]) => roles.includes(role))
    .map(([, label]) => label)
    .join('、');

/** @param {string[]} roles @param {string[]} wanted */
const holdsAny = (roles, wanted) => roles.some((role) => wanted.includes(role));

/** @param {any} me */
function personOf(me) {
  const working = me.roles.filter((/** @type {string} */ role) => !DESK_ROLES.includes(role));
  return {
    name: me.name,
    place: me.section ? `${me.unit.name} ${me.section.name}` : me.unit.name,
    roles: rolesText(me.roles),
    registers: holdsAny(me.roles, REGISTRARS),
    calls: working.length > 0,
    keepsLedger: holdsAny(me.roles, LEDGER_READERS),
    posts: holdsAny(me.roles, ['post_holder', 'general_post']),
    deskOnly: working.length === 0,
  };
}

/**
 * Present people whom this person could assign a matter to, for a wheel; the server knows the exact scope.
 * @param {any[]} units the directory
 * @param {any} me
 * @returns {{value: string, label: string}[]}
 */
function assignees(units, me) {
  const own = units.find((unit) => unit.id === me.unit.id);
  const everywhere = holdsAny(me.roles, UNIT_ASSIGNERS);
  const sections = own ? own.sections : [];
  return sections
    .filter((/** @type {any} */ section) => everywhere || (me.section && section.id === me.section.id))
    .flatMap((/** @type {any} */ section) =>
      section.staff.map((/** @type {any} */ one) => ({ value: one.id, label: `${section.name} ${one.name}` })),
    );
}

module.exports = { ROLES, rolesText, personOf, assignees };
