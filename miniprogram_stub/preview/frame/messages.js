// 服务通知 of whoever holds the phone; a tap opens the message's page.
import { make } from './make.js';
import { phone } from './phone.js';

const PAUSE = 3000;

export async function watchMessages(list) {
  let drawn = '';
  for (;;) {
    const found = await messages();
    const state = JSON.stringify([phone.person, found]);
    if (state !== drawn) draw(list, found);
    drawn = state;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

async function messages() {
  const answer = await fetch(`/_phone/people/${encodeURIComponent(phone.person)}`).catch(() => null);
  return answer?.ok ? (await answer.json()).messages : null;
}

function draw(list, found) {
  if (!found?.length) {
    const text = found ? '办理有进展时，微信的服务通知会出现在这里。' : '连不上模拟微信。';
    list.replaceChildren(make('li', { className: 'soft', textContent: text }));
    return;
  }
  list.replaceChildren(
    ...found.map(({ title, lines, at, page }) => {
      const rows = lines.map(([name, text]) => make('span', { textContent: `${name}：${text}` }));
      const open = () => phone.open(`/${page}`);
      return make('li', {}, [
        make('button', { type: 'button', className: 'message', onclick: open }, [
          make('strong', { textContent: title }),
          make('span', { textContent: at }),
          ...rows,
        ]),
      ]);
    }),
  );
}
