// The capsule at the top right: WeChat's own menu, and leaving the mini program without ending it.
import { setHidden } from './life.js';
import { choose, tell } from './overlays.js';
import { showSettings } from './wx/settings.js';

export async function openMenu() {
  const chosen = await choose({ title: '更多', items: ['设置', '重新进入小程序'] });
  if (chosen === 0) await showSettings();
  if (chosen === 1) location.reload();
}

/** In the background the mini program lives on; coming back shows it as it was. */
export async function sendToBackground() {
  setHidden(true);
  await tell({ title: '小程序在后台', text: '它还在运行，和微信里一样。', button: '回到小程序' });
  setHidden(false);
}
