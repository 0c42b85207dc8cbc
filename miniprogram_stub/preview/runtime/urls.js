// Addresses inside the mini program.

/**
 * `/pages/a/index?x=%20` → its path and query. WeChat hands values over as they were written, without decoding, so the
 * preview does too.
 */
export function parseUrl(url, from = '') {
  const [written, ...rest] = url.split('?');
  const query = {};
  for (const pair of rest.join('?').split('&').filter(Boolean)) {
    const [name, ...value] = pair.split('=');
    query[name] = value.join('=');
  }
  return { path: resolve(written, from), query };
}

/** A path without its leading slash; one that has none is relative to the page it is written in. */
function resolve(written, from) {
  const isRelative = from && !written.startsWith('/');
  const parts = isRelative ? from.split('/').slice(0, -1) : [];
  for (const part of written.split('/')) {
    if (part === '..') parts.pop();
    else if (part && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
