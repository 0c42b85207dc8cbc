/** What a page shows while it has no content: loading, nothing there yet, or a problem and what to do about it. */
Component({
  properties: {
    state: { type: String, value: 'loading' },
    /** code, title, detail, requestId */
    problem: { type: Object, value: null },
    emptyIcon: { type: String, value: 'inbox' },
    emptyTitle: { type: String, value: '' },
    emptyText: { type: String, value: '' },
  },
  methods: {
    retry() {
      this.triggerEvent('retry');
    },
  },
});
