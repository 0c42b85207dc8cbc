// WeChat's lengths as CSS. The build uses it for style sheets, the runtime for styles written in templates.
const LENGTH = /(-?(?:\d+\.?\d*|\.\d+))(rpx|vh)\b/g;

/** `10rpx` as CSS. `vh` is the height below the navigation bar, as in WeChat. */
export function convertLengths(text) {
  return text.replace(LENGTH, (_, number, unit) => `calc(${number} * var(--${unit}))`);
}
