/** 书面移交系统外单位: the letter, its 送达, its cancellation, its result (坛 六（四）). */
const { ENUMS, LIMITS } = require('../../../lib/contract');

/** @type {Record<string, import('./acts').Act>} */
const ACTS = {
  address_outside: {
    icon: 'handoff',
    lead: '主管部门没有用本系统的，先在这里拟移交函，到电脑工作台打印送达，再回来登记送达。送达以前仍由您负责。',
    submit: '拟移交函',
    done: '移交函已拟好',
    fields: [
      {
        name: 'external.name',
        kind: 'line',
        label: '主管部门名称',
        limit: LIMITS.external_name,
        ask: '请写明主管部门的名称。',
        also: ['external'],
      },
      {
        name: 'external.address',
        kind: 'line',
        label: '地址',
        optional: true,
        limit: LIMITS.external_address,
        hint: '地址和电话至少写一项，群众看得到',
      },
      { name: 'external.phone', kind: 'line', label: '电话', optional: true, limit: LIMITS.external_phone },
      {
        name: 'reason',
        kind: 'text',
        label: '移交理由',
        limit: LIMITS.reason,
        hint: '会写在移交函上，群众看得到',
        ask: '请写明为什么移交。',
      },
    ],
  },
  record_service: {
    icon: 'check',
    lead: '登记以后这件事以“移交其他单位”办结，群众会看到现在由哪个单位办、怎么联系。',
    submit: '登记送达并办结',
    done: '已登记送达，办结',
    confirm: () => '登记以后这件事就办结了，不能撤回。',
    fields: [
      {
        name: 'served_at',
        kind: 'when',
        label: '什么时候送达',
        hint: '对方收到移交函的时间，以回执或者签收记录为准',
        ask: '请把送达的日期和时间都选上。',
      },
      { name: 'how', kind: 'choice', label: '怎么送达的', options: ENUMS.service_method, ask: '请选择怎么送达的。' },
      {
        name: 'receipt',
        kind: 'text',
        label: '凭据',
        limit: LIMITS.receipt,
        hint: '收件人姓名、回执或者邮件号码；群众看不到',
        ask: '请写明凭据，例如收件人姓名或者邮件号码。',
      },
    ],
  },
  cancel_letter: {
    icon: 'cross',
    title: '取消这封移交函',
    submit: '取消移交函',
    quiet: true,
    done: '移交函已取消',
    confirm: () => '取消以后，这封移交函不再有效。',
    fields: [
      {
        name: 'reason',
        kind: 'text',
        label: '为什么取消',
        limit: LIMITS.reason,
        hint: '群众看得到',
        ask: '请写明为什么取消。',
      },
    ],
  },
  record_result: {
    icon: 'done',
    title: '登记移交的结果',
    submit: '登记结果',
    done: '结果已登记',
    fields: [
      {
        name: 'text',
        kind: 'text',
        label: '对方办理的结果',
        limit: LIMITS.text,
        hint: '登记一次，群众会收到',
        ask: '请写明对方办理的结果。',
      },
    ],
  },
};

module.exports = { ACTS };
