/** 谁经手过: the chain of holders. */
Component({
  properties: { legs: { type: Array, value: [] } },
});
