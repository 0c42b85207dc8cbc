/**
 * What this client shares with its server: words, limits, addresses. tests/miniprogram/test_contract.py holds each of
 * them against the server's own OpenAPI and vocabulary, so that neither can move alone.
 */

/** @param {[string, string][]} rows */
const words = (rows) => rows.map(([value, label]) => ({ value, label }));

const ENUMS = {
  category: words([
    ['consult', '咨询事项'],
    ['application', '办理事情'],
    ['report', '问题反映'],
    ['complaint', '投诉'],
    ['other', '其他'],
  ]),
  about_kind: words([
    ['sign_holder', '这块岗牌的工作人员'],
    ['section', '这个科室'],
    ['unit', '这个单位或其负责人'],
    ['other', '其他'],
  ]),
  citizen_kind: words([
    ['person', '自然人'],
    ['company', '法人'],
    ['organisation', '其他组织'],
  ]),
  grade: words([
    ['satisfied', '满意'],
    ['fair', '一般'],
    ['dissatisfied', '不满意'],
  ]),
  channel: words([
    ['call', '来电'],
    ['visit', '来访'],
    ['letter', '来信'],
    ['mailbox', '局长信箱'],
    ['hotline', '政务热线'],
    ['other', '其他'],
  ]),
  handoff_mode: words([
    ['transfer', '转交'],
    ['escort', '领办导办'],
  ]),
  staff_outcome: words([
    ['completed', '办理完成'],
    ['answered', '答复'],
    ['guided', '引导'],
    ['refused', '不予办理'],
  ]),
  opinion_kind: words([
    ['opinion', '意见'],
    ['consultation', '协商记录'],
  ]),
  report_to: words([
    ['party_office', '区委办公室'],
    ['government_office', '区政府办公室'],
  ]),
  service_method: words([
    ['in_person', '直接送达'],
    ['post', '邮寄'],
    ['electronic', '电子公文'],
    ['other', '其他方式'],
  ]),
  regime: words([
    ['permit', '行政许可'],
    ['petition', '信访'],
    ['disclosure', '政府信息公开'],
    ['reconsideration', '行政复议'],
    ['other', '其他法律、法规、规章或上级规范性文件'],
  ]),
  limit_basis: words([
    ['legal', '法定时限'],
    ['promised', '承诺时限'],
  ]),
  call_result: words([
    ['answered', '已答复'],
    ['unreachable', '无法回访'],
    ['refused', '拒绝回访'],
  ]),
  box: words([
    ['todo', '待签收'],
    ['unsigned', '久未签收'],
    ['offered', '待承接'],
    ['mine', '在办'],
    ['joint', '共同办理'],
    ['due_soon', '将到期'],
    ['overdue', '已超期'],
    ['disputes', '待裁定'],
    ['section', '本科室'],
    ['unit', '本单位'],
    ['closed', '已办结'],
  ]),
};

/** Longest texts, in characters, by the field's name in the API. */
const LIMITS = {
  content: 5000,
  text: 5000,
  reason: 5000,
  reply: 5000,
  basis: 5000,
  remedy: 5000,
  help: 5000,
  comment: 5000,
  procedure: 5000,
  matter: 5000,
  plan: 5000,
  matters: 5000,
  positions: 5000,
  opinion: 5000,
  task: 1000,
  time_limit: 500,
  receipt: 500,
  clause: 500,
  matter_basis: 500,
  document: 200,
  summary: 40,
  name: 60,
  org_name: 120,
  phone: 24,
  about_name: 60,
  authority_name: 120,
  authority_address: 300,
  authority_phone: 40,
  external_name: 200,
  external_address: 300,
  external_phone: 40,
  external_no: 60,
  external_basis: 200,
  sign_off: 500,
  number: 40,
  phone_tail: 4,
  binding_code: 40,
  documents: 30,
  working_days: 366,
};

const FILES = { most: 6, atFiling: 3, bytes: 10 * 1024 * 1024, types: ['jpg', 'jpeg', 'png', 'webp', 'pdf'] };

const BASE = '/api/v1';

/** Addresses that are not told by an inquiry's own `actions`. `{…}` stands for what `endpoint` is given. */
const ENDPOINTS = {
  sign: `${BASE}/signs/{code}`,
  unitRules: `${BASE}/units/{unit}/rules`,
  citizenSession: `${BASE}/sessions/wechat`,
  endSession: `${BASE}/sessions/current`,
  account: `${BASE}/account`,
  phoneNumber: `${BASE}/phone-numbers`,
  subscriptions: `${BASE}/subscriptions`,
  inquiries: `${BASE}/inquiries`,
  inquiry: `${BASE}/inquiries/{number}`,
  attachments: `${BASE}/inquiries/{number}/attachments`,
  clock: `${BASE}/inquiries/{number}/clocks/{clock}`,
  lookups: `${BASE}/lookups`,
  survey: `${BASE}/surveys/{token}`,
  staffSession: `${BASE}/staff/sessions/wechat`,
  endStaffSession: `${BASE}/staff/sessions/current`,
  me: `${BASE}/staff/me`,
  binding: `${BASE}/staff/wechat`,
  directory: `${BASE}/staff/directory`,
  staffInquiries: `${BASE}/staff/inquiries`,
  staffInquiry: `${BASE}/staff/inquiries/{number}`,
  staffClock: `${BASE}/staff/inquiries/{number}/clocks/{clock}`,
  calls: `${BASE}/staff/follow-ups`,
  followUps: `${BASE}/staff/inquiries/{number}/follow-ups`,
  ledger: `${BASE}/staff/ledger`,
  ledgerYears: `${BASE}/staff/ledger/years`,
};

/**
 * @param {keyof typeof ENDPOINTS} name
 * @param {Record<string, string>} [parts]
 * @returns {string}
 */
function endpoint(name, parts = {}) {
  return ENDPOINTS[name].replace(/\{(\w+)\}/g, (_, part) => encodeURIComponent(parts[part]));
}

/**
 * @param {keyof typeof ENUMS} name
 * @param {string} value
 */
const labelOf = (name, value) => (ENUMS[name].find((word) => word.value === value) || { label: '' }).label;

module.exports = { ENUMS, LIMITS, FILES, ENDPOINTS, endpoint, labelOf };
