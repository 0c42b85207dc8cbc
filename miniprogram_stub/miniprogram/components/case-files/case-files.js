/** Photos and files of a case. A file is fetched when it is tapped, with the right to see it, and shown by the phone. */
const { download } = require('../../lib/http');
const { asProblem } = require('../../lib/problem');

Component({
  properties: {
    files: { type: Array, value: /** @type {any[]} */ ([]) },
    /** Ids of those found improper: behind one more tap. */
    folded: { type: Array, value: [] },
    /** Who asks: `citizen`, `staff` or `{tracking}`. */
    speaker: { type: null, value: 'citizen' },
  },
  data: { opening: '', problem: '', shown: /** @type {string[]} */ ([]) },
  methods: {
    /** @param {any} event */
    unfold({ currentTarget }) {
      this.setData({ shown: [...this.data.shown, currentTarget.dataset.id] });
    },
    /** @param {any} event */
    async open({ currentTarget }) {
      const file = this.data.files[currentTarget.dataset.index];
      if (this.data.opening) return;
      this.setData({ opening: file.id, problem: '' });
      try {
        const path = await download({ path: file.url, as: /** @type {any} */ (this.data.speaker) });
        if (file.media_type.startsWith('image/')) wx.previewImage({ urls: [path] });
        else wx.openDocument({ filePath: path, fileType: 'pdf', showMenu: true });
      } catch (error) {
        this.setData({ problem: asProblem(error).detail });
      } finally {
        this.setData({ opening: '' });
      }
    },
  },
});
