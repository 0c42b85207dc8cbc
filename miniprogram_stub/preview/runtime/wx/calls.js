// The manner of WeChat's functions: `success`, `fail` and `complete` when any of them is given, a promise otherwise.

/** What `fail` receives. `name` comes before it: `showModal:fail cancel`. */
export class Failure extends Error {
  constructor(reason, more = {}) {
    super(reason);
    this.more = more;
  }
}

/** A function of wx: `run(options)` gives the answer without errMsg, or throws a Failure. */
export function asynchronous(name, run) {
  return (options = {}) => {
    const outcome = new Promise((resolve) => resolve(run(options))).then(
      (found) => ({ ...found, errMsg: `${name}:ok` }),
      (error) => {
        throw failed(name, error);
      },
    );
    if (!options.success && !options.fail && !options.complete) return outcome;
    settle(outcome, options);
    return undefined;
  };
}

/** Tell the callbacks. An exception in one of them is reported, as WeChat does, and stops nothing. */
export function settle(outcome, { success, fail, complete }) {
  const tell = (listener, found) => {
    try {
      listener?.(found);
    } catch (error) {
      reportError(error);
    }
  };
  outcome.then(
    (found) => {
      tell(success, found);
      tell(complete, found);
    },
    (found) => {
      tell(fail, found);
      tell(complete, found);
    },
  );
}

export function failed(name, error) {
  if (!(error instanceof Failure)) console.warn(`${name}：`, error);
  const reason = error?.message ?? String(error);
  return { ...error?.more, errMsg: `${name}:fail ${reason}` };
}

/** Functions that do nothing but say that they did. */
export function idle(...names) {
  return Object.fromEntries(names.map((name) => [name, asynchronous(name, () => ({}))]));
}
