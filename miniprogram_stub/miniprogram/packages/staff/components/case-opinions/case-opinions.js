/** Opinions of 科室负责人 and 分管领导, oldest first; one that another took the place of says so. */
Component({
  properties: { opinions: { type: Array, value: [] } },
});
