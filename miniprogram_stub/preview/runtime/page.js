// One page: its elements, its life, its scrolling.
import { backend, codeSpace } from './engine.js';
import { drawBar } from './shell.js';

const REACH_BOTTOM = 50;
const ROOT_SIZE = '16px';

/** A page that is not loaded yet. */
export function makePage(config, path, query) {
  const own = { ...config.window, ...codeSpace.getComponentStaticConfig(path) };
  const layer = document.createElement('div');
  const scroller = document.createElement('main');
  layer.className = 'layer';
  scroller.className = 'scroller';
  scroller.tabIndex = 0; // a page without controls can still be scrolled by the keyboard
  scroller.dataset.route = path;
  layer.append(scroller);
  layer.style.backgroundColor = own.backgroundColor || '';
  document.querySelector('.pages').append(layer);

  const place = document.createElement('div');
  scroller.append(place);
  const root = backend.createRoot('page', codeSpace, path);
  const instance = root.get();
  Object.assign(instance, { route: path, options: query });
  const component = root.getComponent();
  component.$$.dataset.route = path;

  const page = {
    path,
    query,
    layer,
    scroller,
    instance,
    component,
    bar: {
      title: own.navigationBarTitleText || '',
      background: own.navigationBarBackgroundColor || '#000000',
      isDark: own.navigationBarTextStyle !== 'black',
      isCustom: own.navigationStyle === 'custom',
      isLoading: false,
      canRefresh: own.enablePullDownRefresh === true,
      isRefreshing: false,
    },
    rootSize: ROOT_SIZE,
    isShown: false,

    load() {
      root.attach(scroller, place);
      call('onLoad', query);
    },
    show(isBack) {
      layer.hidden = false;
      document.documentElement.style.fontSize = page.rootSize;
      if (!page.isShown) {
        page.isShown = true;
        component.triggerPageLifetime('show', []);
        call('onShow');
      }
      scroller.focus({ preventScroll: true });
      if (!isBack) requestAnimationFrame(() => requestAnimationFrame(() => page.isClosed || call('onReady')));
    },
    hide() {
      layer.hidden = true;
      page.isShown = false;
      component.triggerPageLifetime('hide', []);
      call('onHide');
    },
    close() {
      page.isClosed = true;
      call('onUnload');
      root.release();
      layer.remove();
    },
    /** What a `page-meta` says. */
    setMeta({ rootFontSize, pageStyle, backgroundColor }) {
      page.rootSize = rootFontSize && rootFontSize !== 'system' ? rootFontSize : ROOT_SIZE;
      if (page.isShown) document.documentElement.style.fontSize = page.rootSize;
      component.$$.setAttribute('style', pageStyle || '');
      if (backgroundColor) layer.style.backgroundColor = backgroundColor;
    },
    startRefresh() {
      if (page.bar.isRefreshing) return;
      page.bar.isRefreshing = true;
      drawBar(page);
      call('onPullDownRefresh');
    },
    stopRefresh() {
      page.bar.isRefreshing = false;
      drawBar(page);
    },
    call,
  };

  function call(name, ...given) {
    if (typeof instance[name] !== 'function') return undefined;
    try {
      return instance[name](...given);
    } catch (error) {
      reportError(error); // as WeChat: it is told to App.onError, and the page lives on
      return undefined;
    }
  }

  watchScrolling(page, own.onReachBottomDistance ?? REACH_BOTTOM);
  return page;
}

function watchScrolling({ scroller, call }, distance) {
  let wasAtBottom = false;
  scroller.addEventListener('scroll', () => {
    call('onPageScroll', { scrollTop: scroller.scrollTop });
    const isAtBottom = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - distance;
    if (isAtBottom && !wasAtBottom) call('onReachBottom');
    wasAtBottom = isAtBottom;
  });
}
