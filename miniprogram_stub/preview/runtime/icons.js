// The few signs that WeChat itself draws.
const SHAPES = {
  back: '<path d="M15 5l-7 7 7 7"/>',
  home: '<path d="M4 11l8-7 8 7v9h-5v-6H9v6H4z"/>',
  refresh: '<path d="M19 12a7 7 0 1 1-2-5M19 3v5h-5"/>',
  more: '<g fill="currentColor" stroke="none"><circle cx="5" cy="12" r="2"/><circle cx="12" cy="12" r="2.6"/><circle cx="19" cy="12" r="2"/></g>',
  close: '<circle cx="12" cy="12" r="8"/><circle cx="12" cy="12" r="2.6" fill="currentColor" stroke="none"/>',
  signal: '<path d="M4 18v-3M9 18v-6M14 18V9M19 18V6"/>',
  battery: '<rect x="3" y="8" width="16" height="9" rx="2"/><path d="M21 11v3M6 11v3M9 11v3M12 11v3"/>',
  success: '<circle cx="12" cy="12" r="10"/><path d="M7 12l4 4 7-8"/>',
  success_no_circle: '<path d="M4 12l5 6 11-13"/>',
  info: '<circle cx="12" cy="12" r="10"/><path d="M12 11v6M12 7v.5"/>',
  warn: '<circle cx="12" cy="12" r="10"/><path d="M12 6v7M12 17v.5"/>',
  waiting: '<circle cx="12" cy="12" r="10"/><path d="M12 6v6l4 3"/>',
  cancel: '<circle cx="12" cy="12" r="10"/><path d="M8 8l8 8M16 8l-8 8"/>',
  clear: '<circle cx="12" cy="12" r="10"/><path d="M8 8l8 8M16 8l-8 8"/>',
  download: '<circle cx="12" cy="12" r="10"/><path d="M12 6v10M8 12l4 4 4-4"/>',
  search: '<circle cx="11" cy="11" r="6"/><path d="M16 16l5 5"/>',
};

export function icon(name) {
  const shape = SHAPES[name] || SHAPES.info;
  return `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${shape}</svg>`;
}
