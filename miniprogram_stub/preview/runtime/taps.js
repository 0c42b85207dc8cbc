// Taps, from the browser's clicks: a finger, a mouse, the keyboard and a script all make one.
import { deliver, elementOf } from './engine.js';

const LONG_PRESS = 350;
const TAPPED_BY_KEY =
  '[role="button"], [role="link"], [role="checkbox"], [role="radio"], [role="switch"], [role="tab"], [role="option"], [role="menuitem"]';

let tapping = 0;

/**
 * Whether a person's tap is being handled right now. What waits for the network has lost it, what only waits for a
 * promise that was already fulfilled has not: so it ends with the next turn of the event loop.
 */
export const isTapping = () => tapping > 0;

/** Handle a tap that the templates do not see: a button of WeChat's own dialogs. */
export function asTap(act) {
  tapping += 1;
  setTimeout(() => (tapping -= 1));
  return act();
}

export function watchTaps(root) {
  root.addEventListener('click', (event) => {
    const target = elementOf(event.target);
    if (!target || event.target.closest('wx-button[disabled]')) return;
    const point = { x: event.clientX, y: event.clientY };
    const touch = { identifier: 0, pageX: point.x, pageY: point.y, clientX: point.x, clientY: point.y };
    const extraFields = { touches: [touch], changedTouches: [touch] };
    asTap(() =>
      deliver(target, 'tap', point, {
        originalEvent: event,
        bubbles: true,
        composed: true,
        capturePhase: true,
        extraFields,
      }),
    );
  });

  root.addEventListener('keydown', (event) => {
    const control = event.target.closest?.(TAPPED_BY_KEY);
    if (!control || control !== event.target || !['Enter', ' '].includes(event.key)) return;
    event.preventDefault();
    control.click();
  });

  let timer;
  const forget = () => clearTimeout(timer);
  root.addEventListener('pointerdown', (event) => {
    forget();
    timer = setTimeout(() => {
      const target = elementOf(event.target);
      const point = { x: event.clientX, y: event.clientY };
      if (target)
        deliver(target, 'longpress', point, {
          originalEvent: event,
          bubbles: true,
          composed: true,
          capturePhase: true,
        });
    }, LONG_PRESS);
  });
  for (const ending of ['pointerup', 'pointermove', 'pointercancel']) root.addEventListener(ending, forget);
}
