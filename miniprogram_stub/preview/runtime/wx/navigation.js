// Moving between pages, and what a page may change about the bar above it.
import { current, navigateBack, navigateTo, redirectTo, relaunch, switchTab, NavigationRefused } from '../pages.js';
import { drawBar } from '../shell.js';
import { asynchronous, Failure } from './calls.js';
import { channelFor } from './channels.js';

function move(name, run) {
  return asynchronous(name, (options) => {
    try {
      return run(options);
    } catch (error) {
      throw error instanceof NavigationRefused ? new Failure(error.message) : error;
    }
  });
}

function bar(name, change) {
  return asynchronous(name, (options) => {
    const page = current();
    change(page.bar, options);
    drawBar(page);
  });
}

function pageScrollTo({ scrollTop, selector, offsetTop = 0, duration = 300 }) {
  const { scroller, component } = current();
  let top = scrollTop;
  if (selector) {
    const found = component.shadowRoot.querySelector(selector);
    if (!found) throw new Failure(`selector "${selector}" is not found`);
    top = found.$$.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;
  }
  scroller.scrollTo({ top: (top || 0) + offsetTop, behavior: duration > 0 ? 'smooth' : 'instant' });
}

export const navigationFunctions = {
  navigateTo: move('navigateTo', ({ url, events }) => {
    let eventChannel;
    navigateTo(url, ({ instance }) => {
      eventChannel = channelFor(instance, events);
    });
    return { eventChannel };
  }),
  redirectTo: move('redirectTo', ({ url }) => void redirectTo(url)),
  reLaunch: move('reLaunch', ({ url }) => void relaunch(url)),
  switchTab: move('switchTab', ({ url }) => void switchTab(url)),
  navigateBack: move('navigateBack', ({ delta }) => void navigateBack(delta)),
  setNavigationBarTitle: bar('setNavigationBarTitle', (found, { title }) => Object.assign(found, { title })),
  setNavigationBarColor: bar('setNavigationBarColor', (found, { frontColor, backgroundColor }) =>
    Object.assign(found, { background: backgroundColor, isDark: frontColor.toLowerCase() === '#ffffff' }),
  ),
  showNavigationBarLoading: bar('showNavigationBarLoading', (found) => Object.assign(found, { isLoading: true })),
  hideNavigationBarLoading: bar('hideNavigationBarLoading', (found) => Object.assign(found, { isLoading: false })),
  startPullDownRefresh: asynchronous('startPullDownRefresh', () => current().startRefresh()),
  stopPullDownRefresh: asynchronous('stopPullDownRefresh', () => current().stopRefresh()),
  pageScrollTo: asynchronous('pageScrollTo', pageScrollTo),
};
