/** 满意、一般、不满意: nothing chosen beforehand, never needed for anything else. `submit` tells the rating's body. */
const { ENUMS, LIMITS } = require('../../lib/contract');
const { GRADE_ICONS } = require('../../lib/words');

const OPTIONS = ENUMS.grade.map((word) => ({ ...word, icon: GRADE_ICONS[/** @type {keyof typeof GRADE_ICONS} */ (word.value)] }));

Component({
  properties: {
    title: { type: String, value: '这次办理，您满意吗' },
    hint: { type: String, value: '评不评都可以，由您决定，不影响您以后办事。' },
    button: { type: String, value: '提交评价' },
    values: { type: Object, value: {} },
    errors: { type: Object, value: {} },
    busy: { type: Boolean, value: false },
  },
  data: { options: OPTIONS, limit: LIMITS.comment },
  methods: {
    /** @param {any} event */
    change({ detail }) {
      this.triggerEvent('change', detail);
    },
    submit() {
      this.triggerEvent('submit');
    },
  },
});
