// The phone's temporary files: a path for the mini program, content for the browser.
import { Failure } from './calls.js';

const files = new Map();
let count = 0;

/** Keep a file; its path looks like those of a phone. */
export function keep(blob, name = '') {
  const suffix = /\.[A-Za-z0-9]+$/.exec(name)?.[0] || SUFFIXES[blob.type.split(';')[0]] || '';
  const path = `wxfile://tmp_${(count += 1)}${suffix.toLowerCase()}`;
  files.set(path, { blob, name, url: URL.createObjectURL(blob) });
  return path;
}

const SUFFIXES = { 'image/jpeg': '.jpg', 'image/png': '.png', 'image/webp': '.webp', 'application/pdf': '.pdf' };

/** A kept file: blob, name, url. Throws a Failure when there is none. */
export function fileAt(path) {
  const found = files.get(path);
  if (!found) throw new Failure(`file not found: ${path}`);
  return found;
}

/** What an `img` needs for a source as it is written in a template of `page`. */
export function imageUrl(source, page = '') {
  if (!source || /^(data:|blob:|https?:)/.test(source)) return source || '';
  if (files.has(source)) return files.get(source).url;
  if (/^[\w.-]+:/.test(source)) return '';
  return source.startsWith('/') ? `/files${source}` : new URL(source, `${location.origin}/files/${page}`).pathname;
}

export const fileFunctions = {
  getFileSystemManager: () => ({
    readFile({ filePath, encoding, success, fail, complete }) {
      new Promise((resolve) => resolve(fileAt(filePath).blob))
        .then((blob) => (encoding === 'base64' ? base64(blob) : encoding ? blob.text() : blob.arrayBuffer()))
        .then(
          (data) => success?.({ data, errMsg: 'readFile:ok' }),
          (error) => fail?.({ errMsg: `readFile:fail ${error.message}` }),
        )
        .finally(() => complete?.());
    },
  }),
};

async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
