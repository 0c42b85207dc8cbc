/** 几个单位一起办 (坛 六（三）): for the citizen which units and how far; for staff every word. */
const { clockOf } = require('../../lib/case');

/** @param {any} unit @param {any} joint */
function markOf(unit, joint) {
  if (unit.done) return { text: '任务完成', icon: 'done', tone: 'good' };
  if (unit.answered) return { text: '已经答复', icon: 'check', tone: 'good' };
  if (joint.ended_at) return { text: '没有答复', icon: 'info', tone: 'plain' };
  return { text: '等待答复', icon: 'hourglass', tone: 'plain' };
}

/** @param {any} joint */
function planOf(joint) {
  if (joint.planned_at) return { icon: 'check', text: `已经商定，${joint.planned_at_text}` };
  if (joint.referred_at) return { icon: 'flag', text: `还没有商定，已书面报告${joint.report_to_label}` };
  if (joint.ended_at) return { icon: 'info', text: '没有另外商定，已由牵头单位办结' };
  return { icon: 'hourglass', text: '正在商定' };
}

Component({
  properties: {
    joint: { type: Object, value: null },
    voice: { type: String, value: 'citizen' },
  },
  data: { units: /** @type {any[]} */ ([]), plan: null, clock: null, meta: '' },
  observers: {
    joint(/** @type {any} */ joint) {
      if (!joint) return;
      const parts = [`${joint.lead.name}牵头`, `${joint.started_at_text}开始`];
      if (joint.ended_at) parts.push(`${joint.ended_at_text}结束`);
      if (joint.round > 1) parts.push(`第 ${joint.round} 次办理`);
      this.setData({
        units: joint.units.map((/** @type {any} */ unit) => ({ ...unit, mark: markOf(unit, joint) })),
        plan: /** @type {any} */ (planOf(joint)),
        clock: joint.plan_clock ? /** @type {any} */ (clockOf(joint.plan_clock)) : null,
        meta: parts.join(' · '),
      });
    },
  },
});
