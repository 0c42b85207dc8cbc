Page({
  data: {
    who: '',
    both: '',
    kinds: [{ name: '咨询' }, { name: '投诉' }],
    kind: -1,
    day: '',
    time: '',
    said: '',
    size: '16px',
    from: '',
  },
  onLoad({ from }) {
    this.setData({ said: `来自 ${from}` });
  },
  typed({ detail }) {
    this.setData({ said: `写了 ${detail.value}` });
  },
  pickKind({ detail }) {
    this.setData({ kind: detail.value, said: `${typeof detail.value} ${detail.value}` });
  },
  pickDay({ detail }) {
    this.setData({ day: detail.value });
  },
  pickTime({ detail }) {
    this.setData({ time: detail.value });
  },
  grade({ detail }) {
    this.setData({ said: `评了 ${detail.value}` });
  },
  submit({ detail }) {
    this.setData({ said: JSON.stringify(detail.value) });
  },
  reset() {
    this.setData({ said: '重填了' });
  },
  bigger() {
    this.setData({ size: '22px' });
  },
});
