/** What is collected and why, how long it is kept, how it is destroyed: the same as declared to WeChat (guide, 第 6 步). */
const links = require('../../lib/links');
const { definePage } = require('../../lib/page');

const COLLECTED = [
  { name: '您写的内容', why: '用来办理和答复。加密保存，只给办理这件事的人和依规监督的人看。' },
  { name: '姓名、单位名称、电话（都可以不填）', why: '用来问清情况、告诉结果、回访。加密保存，工作人员的列表里看不到。' },
  { name: '手机号（您点“使用我绑定的手机号”时）', why: '只填进表里，您可以改，也可以不填。' },
  { name: '照片和文件（您选的才上传）', why: '作为事项的材料。照片里的拍摄地点等信息先去掉再保存。' },
  { name: '微信给这个小程序的编号', why: '用来让您看到自己的事项、收到您同意的通知。不收集头像、昵称和位置。' },
];

definePage({
  data: { collected: COLLECTED },
  settings: () => links.open('pages/settings/index'),
});
