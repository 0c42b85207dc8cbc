/** The clauses that a matter called up, each with its own words and whether it was carried out. */
const FACES = {
  met: { icon: 'check', text: '已经做到', tone: 'good' },
  owed: { icon: 'hourglass', text: '正在履行', tone: 'plain' },
  dropped: { icon: 'return', text: '不再适用', tone: 'plain' },
  met_late: { icon: 'check', text: '超期完成', tone: 'warn' },
  missed: { icon: 'alert', text: '没有做到', tone: 'bad' },
  doubted: { icon: 'alert', text: '有待核实', tone: 'warn' },
};

Component({
  properties: {
    duties: { type: Array, value: [] },
    measure: { type: Object, value: null },
  },
  data: { shown: /** @type {any[]} */ ([]), open: '' },
  observers: {
    duties(/** @type {any[]} */ duties) {
      this.setData({
        shown: duties.map((duty) => ({ ...duty, face: FACES[/** @type {keyof typeof FACES} */ (duty.state)] })),
      });
    },
  },
  methods: {
    /** @param {any} event */
    turn({ currentTarget }) {
      const { id } = currentTarget.dataset;
      this.setData({ open: this.data.open === id ? '' : id });
    },
  },
});
