/**
 * Photos and PDFs to send along. They stay on the phone until the words are safe. `change` tells `{name, value}`, a list
 * of `{path, name, size}`.
 */
const { FILES } = require('../../lib/contract');
const field = require('../../lib/field');

/** @param {string} path */
const nameOf = (path) => path.split('/').pop() || path;

Component({
  behaviors: [field],
  properties: {
    files: { type: Array, value: [] },
    most: { type: Number, value: 3 },
  },
  data: { refused: '' },
  methods: {
    async photos() {
      const left = this.data.most - this.data.files.length;
      const chosen = await wx
        .chooseMedia({ count: left, mediaType: ['image'], sizeType: ['compressed'] })
        .catch(() => null);
      if (chosen) {
        this.add(chosen.tempFiles.map(({ tempFilePath, size }) => ({ path: tempFilePath, name: nameOf(tempFilePath), size })));
      }
    },
    async documents() {
      const left = this.data.most - this.data.files.length;
      const chosen = await wx.chooseMessageFile({ count: left, type: 'file', extension: ['pdf'] }).catch(() => null);
      if (chosen) this.add(chosen.tempFiles.map(({ path, name, size }) => ({ path, name, size })));
    },
    /** @param {{path: string, name: string, size: number}[]} more */
    add(more) {
      const small = more.filter((file) => file.size <= FILES.bytes);
      this.setData({ refused: small.length < more.length ? '有文件超过 10 MB，没有加上，请压缩后再选。' : '' });
      this.tellValue([...this.data.files, ...small].slice(0, this.data.most));
    },
    /** @param {any} event */
    drop({ currentTarget }) {
      this.tellValue(this.data.files.filter((_, index) => index !== currentTarget.dataset.index));
    },
  },
});
