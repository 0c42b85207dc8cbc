Component({
  properties: { title: String },
  data: { state: '' },
  lifetimes: {
    attached() {
      this.setData({ state: '接上了' });
    },
    ready() {
      this.setData({ state: `${this.data.state}，摆好了` });
    },
  },
  methods: {
    close() {
      this.triggerEvent('close', { title: this.data.title });
    },
  },
});
