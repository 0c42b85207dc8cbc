/** 微信消息: what went out about a case, and what became of each. */
const FACES = {
  pending: { icon: 'hourglass', tone: 'plain' },
  sent: { icon: 'check', tone: 'plain' },
  delivered: { icon: 'done', tone: 'good' },
  undelivered: { icon: 'alert', tone: 'warn' },
  dropped: { icon: 'cross', tone: 'plain' },
};

Component({
  properties: {
    messages: { type: Array, value: [] },
    voice: { type: String, value: 'citizen' },
  },
  data: { shown: /** @type {any[]} */ ([]), summary: '', open: false },
  observers: {
    messages(/** @type {any[]} */ messages) {
      const missed = messages.filter((message) => message.state === 'undelivered').length;
      const shown = messages.map((message, id) => ({
        ...message,
        id,
        face: FACES[/** @type {keyof typeof FACES} */ (message.state)],
        why: [message.problem, message.next].filter(Boolean).join('，'),
      }));
      this.setData({ shown, summary: `共 ${messages.length} 条${missed ? `，${missed} 条未送达` : ''}` });
    },
  },
  methods: {
    turn() {
      this.setData({ open: !this.data.open });
    },
  },
});
