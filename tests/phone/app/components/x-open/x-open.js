Component({
  options: { addGlobalClass: true },
  properties: { text: String },
});
