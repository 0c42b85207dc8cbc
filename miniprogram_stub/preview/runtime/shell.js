// What WeChat draws around a page: status bar, navigation bar with the capsule, tab bar.
import { openMenu, sendToBackground } from './capsule.js';
import { icon } from './icons.js';
import { current, depth, firstPage, navigateBack, relaunch, switchTab } from './pages.js';

let parts;

export function buildShell(config) {
  document.body.innerHTML = `
    <div class="status-bar" aria-hidden="true"><span class="status-time"></span><span class="status-signs">${icon('signal')}${icon('battery')}</span></div>
    <header class="bar">
      <button type="button" class="bar-back" aria-label="返回">${icon('back')}</button>
      <button type="button" class="bar-home" aria-label="返回首页">${icon('home')}</button>
      <h1 class="bar-title"></h1>
      <button type="button" class="bar-refresh" aria-label="下拉刷新">${icon('refresh')}</button>
      <div class="capsule"><button type="button" class="capsule-more" aria-label="更多">${icon('more')}</button><button type="button" class="capsule-close" aria-label="关闭小程序">${icon('close')}</button></div>
    </header>
    <div class="pages"></div>
    <nav class="tabs" aria-label="标签栏" hidden></nav>
    <div class="toasts" role="status" aria-live="polite"></div>`;
  const find = (name) => document.querySelector(`.${name}`);
  parts = {
    bar: find('bar'),
    back: find('bar-back'),
    home: find('bar-home'),
    title: find('bar-title'),
    refresh: find('bar-refresh'),
    tabs: find('tabs'),
  };
  parts.back.onclick = () => navigateBack();
  parts.home.onclick = () => relaunch(`/${firstPage()}`);
  parts.refresh.onclick = () => current().startRefresh();
  find('capsule-more').onclick = openMenu;
  find('capsule-close').onclick = sendToBackground;
  if (config.style === 'v2') document.body.dataset.style = 'v2';
  const time = find('status-time');
  const tick = () => (time.textContent = new Date().toTimeString().slice(0, 5));
  tick();
  setInterval(tick, 20_000);
}

/** Draw the navigation bar of a page, if it is the one that is seen. */
export function drawBar(page) {
  if (page !== current()) return;
  const { bar } = page;
  parts.title.textContent = bar.title;
  document.title = bar.title ? `${bar.title} · 预览` : '预览';
  parts.bar.parentElement.style.setProperty('--bar', bar.background);
  parts.bar.parentElement.style.setProperty('--on-bar', bar.isDark ? '#ffffff' : '#000000');
  parts.bar.classList.toggle('is-custom', bar.isCustom);
  parts.bar.classList.toggle('is-loading', bar.isLoading);
  parts.back.hidden = depth() < 2;
  parts.home.hidden = depth() > 1 || page.path === firstPage();
  parts.refresh.hidden = !bar.canRefresh && !bar.isRefreshing;
  parts.refresh.classList.toggle('is-turning', bar.isRefreshing);
}

export function drawTabs(tabBar, path) {
  const list = tabBar?.list || [];
  parts.tabs.hidden = !list.some(({ pagePath }) => pagePath === path);
  if (parts.tabs.hidden) return;
  parts.tabs.replaceChildren(
    ...list.map(({ pagePath, text, iconPath, selectedIconPath }) => {
      const button = document.createElement('button');
      button.type = 'button';
      const isCurrent = pagePath === path;
      if (isCurrent) button.setAttribute('aria-current', 'page');
      const source = (isCurrent && selectedIconPath) || iconPath;
      if (source) button.append(Object.assign(new Image(), { src: `/files/${source.replace(/^\//, '')}`, alt: '' }));
      button.append(text);
      button.style.color = (isCurrent ? tabBar.selectedColor : tabBar.color) || '';
      button.onclick = () => switchTab(`/${pagePath}`);
      return button;
    }),
  );
}
