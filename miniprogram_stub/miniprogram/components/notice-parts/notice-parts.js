/** The four parts of one notice (坛 六（一）): 办理依据, 办理时限, 办理程序, 所需资料. */
Component({
  properties: { notice: { type: Object, value: null } },
});
