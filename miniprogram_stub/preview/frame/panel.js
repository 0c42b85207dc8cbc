// What stands beside the phone.
import { watchMessages } from './messages.js';
import { make } from './make.js';
import { phone } from './phone.js';

export async function drawPanel(panel) {
  const setup = await fetch('/_phone/setup').then(
    (answer) => answer.json(),
    () => ({ signs: [] }),
  );
  panel.append(about(), holder(), signs(setup.signs), notices(), mishaps());
}

function about() {
  return make('section', { className: 'card' }, [
    make('h1', { textContent: '小程序预览' }),
    make('p', { textContent: '左边运行的就是小程序的源文件，服务是本机正在运行的首问码，微信由本机的模拟微信代替。' }),
    make('p', {
      className: 'soft',
      textContent:
        '预览不是微信：没有原生层，键盘、相机、相册和文件用浏览器的；隐私弹窗、授权弹窗是仿的；不检查包的大小和审核规则；字体和滚动与手机不完全一样。提交之前，请在微信开发者工具和真手机上再看一遍。',
    }),
  ]);
}

function holder() {
  const list = make('ul', { className: 'row' });
  const input = make('input', { type: 'text', maxLength: 20, required: true });
  const draw = () => {
    list.replaceChildren(
      ...phone.people().map((name) => {
        const one = make('button', { type: 'button', textContent: name, onclick: () => (phone.giveTo(name), draw()) });
        one.setAttribute('aria-pressed', String(name === phone.person));
        return make('li', {}, [one]);
      }),
    );
  };
  draw();
  const form = make('form', { className: 'row' }, [
    make('label', {}, ['另一个人的名字', input]),
    make('button', { textContent: '把手机给他' }),
  ]);
  form.onsubmit = (event) => {
    event.preventDefault();
    const name = input.value.trim().replaceAll('/', '');
    if (!name) return;
    phone.giveTo(name);
    input.value = '';
    draw();
  };
  return make('section', { className: 'card' }, [
    make('h2', { textContent: '谁拿着手机' }),
    make('p', { className: 'soft', textContent: '每个人是一个微信账号，手机里存的东西各是各的。' }),
    list,
    form,
  ]);
}

function signs(found) {
  const items = found.map(({ unit, section, url }) => {
    const scan = () =>
      phone.open(`/pages/sign/index?q=${encodeURIComponent(url)}&scancode_time=${Math.floor(Date.now() / 1000)}`);
    return make('li', {}, [
      make('button', { type: 'button', className: 'wide', textContent: `扫 ${unit} ${section || ''}`, onclick: scan }),
    ]);
  });
  const content = items.length
    ? make('ul', { className: 'signs' }, items)
    : make('p', { className: 'soft', textContent: '没有演示的岗牌。' });
  return make('section', { className: 'card' }, [make('h2', { textContent: '扫岗牌上的码' }), content]);
}

function notices() {
  const list = make('ul');
  watchMessages(list);
  return make('section', { className: 'card' }, [make('h2', { textContent: '服务通知' }), list]);
}

function mishaps() {
  const box = make('input', { type: 'checkbox', onchange: () => phone.cutNetwork(box.checked) });
  const kill = () => {
    box.checked = false;
    phone.kill();
  };
  return make('section', { className: 'card' }, [
    make('h2', { textContent: '意外' }),
    make('label', { className: 'check' }, [box, '断网']),
    make('button', { type: 'button', className: 'wide', textContent: '杀掉小程序，重新打开', onclick: kill }),
  ]);
}
