// The mini program's storage on this phone: one for each simulated person, and always a copy.
import { person } from '../setup.js';
import { asynchronous, Failure } from './calls.js';

const PREFIX = `phone:${person}:app:`;
const LIMIT_KB = 10_240;
const LONGEST_KB = 1024;

function write(key, data) {
  if (typeof key !== 'string' || !key) throw new Failure('parameter error: parameter.key should be String');
  const text = JSON.stringify({ data });
  if (text.length > LONGEST_KB * 1024) throw new Failure('entry size limit reached');
  localStorage.setItem(PREFIX + key, text);
}

/** undefined when there is none. */
function read(key) {
  const text = localStorage.getItem(PREFIX + key);
  return text === null ? undefined : JSON.parse(text).data;
}

function keys() {
  const found = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index));
  return found
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => key.slice(PREFIX.length))
    .sort();
}

function remove(key) {
  localStorage.removeItem(PREFIX + key);
}

function info() {
  const size = keys().reduce((sum, key) => sum + localStorage.getItem(PREFIX + key).length, 0);
  return { keys: keys(), currentSize: Math.ceil(size / 1024), limitSize: LIMIT_KB };
}

/** The synchronous forms throw what the others hand to `fail`. */
function synchronous(name, run) {
  return (...given) => {
    try {
      return run(...given);
    } catch (error) {
      throw new Error(`${name}:fail ${error.message}`, { cause: error });
    }
  };
}

export const storageFunctions = {
  setStorageSync: synchronous('setStorageSync', write),
  getStorageSync: (key) => read(key) ?? '',
  removeStorageSync: remove,
  clearStorageSync: () => keys().forEach(remove),
  getStorageInfoSync: info,
  setStorage: asynchronous('setStorage', ({ key, data }) => write(key, data)),
  getStorage: asynchronous('getStorage', ({ key }) => {
    const data = read(key);
    if (data === undefined) throw new Failure('data not found');
    return { data };
  }),
  removeStorage: asynchronous('removeStorage', ({ key }) => remove(key)),
  clearStorage: asynchronous('clearStorage', () => keys().forEach(remove)),
  getStorageInfo: asynchronous('getStorageInfo', info),
};
