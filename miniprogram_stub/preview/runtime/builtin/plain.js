// Elements that hold others, or show one thing and do nothing more.
import { icon } from '../icons.js';
import { imageUrl } from '../wx/files.js';
import { pageOf } from '../pages.js';
import { define, fire, reflect } from './define.js';

export function definePlain() {
  define('view');
  define('cover-view');
  define('root-portal');
  define('page-container', { properties: { show: Boolean } });
  define('text', {
    properties: { selectable: Boolean, userSelect: Boolean, space: String, decode: Boolean },
    build: (_, element) => ({
      changed: { ...reflect(element, 'space'), userSelect: (on) => element.classList.toggle('is-selectable', on) },
    }),
  });
  define('swiper', {
    properties: {
      current: Number,
      indicatorDots: Boolean,
      autoplay: Boolean,
      interval: Number,
      duration: Number,
      circular: Boolean,
    },
  });
  define('swiper-item', { properties: { itemId: String } });
  defineImage();
  defineScrollView();
  defineSmall();
}

function defineImage() {
  define('image', {
    properties: {
      src: String,
      mode: { type: String, value: 'scaleToFill' },
      lazyLoad: Boolean,
      showMenuByLongpress: Boolean,
      webp: Boolean,
    },
    build(component, element) {
      const img = document.createElement('img');
      img.alt = '';
      img.onload = () => fire(component, 'load', { width: img.naturalWidth, height: img.naturalHeight });
      img.onerror = () =>
        img.getAttribute('src') && fire(component, 'error', { errMsg: `GET ${component.data.src} fail` });
      element.append(img);
      return {
        spoken: img,
        changed: {
          src: (source) => (img.src = imageUrl(source, component.ownerShadowRoot.getHostNode().is)),
          mode: (mode) => element.setAttribute('mode', mode),
          lazyLoad: (lazy) => (img.loading = lazy ? 'lazy' : 'eager'),
          ariaLabel: (label) => (img.alt = label || ''),
        },
      };
    },
  });
}

function defineScrollView() {
  const edge = { type: Number, value: 50 };
  define('scroll-view', {
    properties: {
      scrollX: Boolean,
      scrollY: Boolean,
      scrollTop: Number,
      scrollLeft: Number,
      scrollIntoView: String,
      scrollWithAnimation: Boolean,
      upperThreshold: edge,
      lowerThreshold: edge,
      enhanced: Boolean,
      showScrollbar: Boolean,
      enableFlex: Boolean,
      bounces: Boolean,
      type: String,
    },
    build(component, element) {
      element.tabIndex = 0;
      const position = () => ({
        scrollTop: element.scrollTop,
        scrollLeft: element.scrollLeft,
        scrollHeight: element.scrollHeight,
        scrollWidth: element.scrollWidth,
      });
      let wasAtEnd = false;
      element.addEventListener('scroll', () => {
        const { data } = component;
        fire(component, 'scroll', position());
        const rest = data.scrollX
          ? element.scrollWidth - element.clientWidth - element.scrollLeft
          : element.scrollHeight - element.clientHeight - element.scrollTop;
        const isAtEnd = rest <= data.lowerThreshold;
        if (isAtEnd && !wasAtEnd) fire(component, 'scrolltolower', { direction: data.scrollX ? 'right' : 'bottom' });
        wasAtEnd = isAtEnd;
      });
      const go = (where) =>
        requestAnimationFrame(() =>
          element.scrollTo({ ...where, behavior: component.data.scrollWithAnimation ? 'smooth' : 'instant' }),
        );
      return {
        changed: {
          scrollX: (on) => element.toggleAttribute('scroll-x', on),
          scrollY: (on) => element.toggleAttribute('scroll-y', on),
          scrollTop: (top) => go({ top }),
          scrollLeft: (left) => go({ left }),
          scrollIntoView: (id) =>
            id &&
            requestAnimationFrame(() =>
              component.ownerShadowRoot.querySelector(`#${id}`)?.$$.scrollIntoView({ block: 'start', inline: 'start' }),
            ),
        },
      };
    },
  });
}

const SIGN_COLOURS = {
  success: '#09bb07',
  success_no_circle: '#09bb07',
  info: '#10aeff',
  warn: '#f76260',
  waiting: '#10aeff',
  cancel: '#f43530',
  clear: '#b2b2b2',
  download: '#09bb07',
  search: '#b2b2b2',
};

function defineSmall() {
  define('icon', {
    properties: { type: String, size: { type: null, value: 23 }, color: String },
    build(component, element) {
      const draw = () => {
        const { type, size, color } = component.data;
        element.innerHTML = icon(type);
        Object.assign(element.style, {
          width: `${parseFloat(size)}px`,
          height: `${parseFloat(size)}px`,
          color: color || SIGN_COLOURS[type],
        });
      };
      return { changed: { type: draw, size: draw, color: draw } };
    },
  });
  define('progress', {
    properties: {
      percent: Number,
      showInfo: Boolean,
      strokeWidth: { type: null, value: 6 },
      activeColor: { type: String, value: '#09bb07' },
      backgroundColor: { type: String, value: '#ebebeb' },
      active: Boolean,
    },
    build(component, element) {
      element.innerHTML = '<div class="wx-progress-track"><div></div></div><span></span>';
      element.setAttribute('role', 'progressbar');
      const draw = () => {
        const { percent, showInfo, strokeWidth, activeColor, backgroundColor } = component.data;
        const [track, info] = element.children;
        element.setAttribute('aria-valuenow', percent);
        track.style.cssText = `height: ${parseFloat(strokeWidth)}px; background: ${backgroundColor}`;
        track.firstChild.style.cssText = `width: ${Math.min(Math.max(percent, 0), 100)}%; height: 100%; background: ${activeColor}`;
        info.textContent = showInfo ? `${percent}%` : '';
      };
      return {
        attached: draw,
        changed: Object.fromEntries(
          ['percent', 'showInfo', 'strokeWidth', 'activeColor', 'backgroundColor'].map((name) => [name, draw]),
        ),
      };
    },
  });
  define('web-view', {
    properties: { src: String },
    build(_, element) {
      const link = document.createElement('a');
      link.target = '_blank';
      link.rel = 'noopener';
      element.append('在微信里，这里是一个网页：', link);
      return {
        changed: {
          src: (address) => ((link.href = /^https?:/.test(address) ? address : '#'), (link.textContent = address)),
        },
      };
    },
  });
  define('page-meta', {
    properties: {
      rootFontSize: String,
      pageStyle: String,
      backgroundColor: String,
      backgroundTextStyle: String,
      scrollTop: String,
      pageFontSize: String,
      rootBackgroundColor: String,
    },
    build(component, element) {
      const tell = () => pageOf(element)?.setMeta(component.data);
      return { attached: tell, changed: { rootFontSize: tell, pageStyle: tell, backgroundColor: tell } };
    },
  });
}
