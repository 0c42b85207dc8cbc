// The preview's stand-in for WeChat: the engine is WeChat's own (glass-easel), everything around it is ours.
import { registerBuiltIn } from './builtin/index.js';
import { codeSpace, defineUnit } from './engine.js';
import { launch, reenter, startApp } from './life.js';
import { registerPages } from './pages.js';
import { loadSetup } from './setup.js';
import { buildShell } from './shell.js';
import { wx } from './wx/index.js';
import { cutNetwork } from './wx/network.js';
import { watchTaps } from './taps.js';

export { codeSpace, startApp };
export const define = defineUnit;

/** Start the mini program: `run` runs its scripts, app.js first. */
export async function start(config, run) {
  await loadSetup();
  globalThis.wx = wx;
  registerBuiltIn();
  registerPages(config);
  buildShell(config);
  watchTaps(document.body);
  // What the desk around the phone may do to it.
  window.previewPhone = { cutNetwork, open: reenter };
  run();
  launch(config);
}
