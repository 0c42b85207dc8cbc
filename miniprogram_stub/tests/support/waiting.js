/** Waiting for what will happen: never for a length of time, always for a condition, and never for ever. */
const LONGEST = 30_000;
const STEP = 5;

let underWay = 0;

/**
 * Count something that ends later: a request, an answer of the phone.
 * @returns {() => void} to be called at its end
 */
function begin() {
  underWay += 1;
  let ended = false;
  return () => {
    if (!ended) underWay -= 1;
    ended = true;
  };
}

/** @param {number} [milliseconds] */
const turn = (milliseconds = 0) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * @template T
 * @param {() => T | Promise<T>} condition
 * @param {string | (() => string)} [what] what was waited for, for the message
 * @returns {Promise<T>} what it gave, once that is not empty
 */
async function until(condition, what = String(condition)) {
  const end = performance.now() + LONGEST;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (performance.now() > end) throw new Error(`did not happen: ${typeof what === 'function' ? what() : what}`);
    await turn(STEP);
  }
}

/** Until nothing is under way any more and what waited for it has gone on. */
async function settled() {
  for (let quiet = 0; quiet < 3; quiet += 1) {
    await turn();
    if (underWay) {
      await until(() => underWay === 0, 'all requests answered');
      quiet = 0;
    }
  }
}

/** @returns {number} how much is under way */
const pending = () => underWay;

module.exports = { begin, pending, settled, turn, until };
