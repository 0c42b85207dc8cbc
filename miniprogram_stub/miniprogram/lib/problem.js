/** What went wrong, in one shape: the server's problem (RFC 9457), or no answer at all. */

/** @typedef {{pointer: string, code: string, detail: string}} FieldProblem */

class Problem extends Error {
  /**
   * @param {{code: string, status?: number, title: string, detail: string, errors?: FieldProblem[], requestId?: string,
   *   successorUrl?: string}} facts
   */
  constructor({ code, status = 0, title, detail, errors = [], requestId = '', successorUrl = '' }) {
    super(detail);
    this.code = code;
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.errors = errors;
    this.requestId = requestId;
    this.successorUrl = successorUrl;
  }

  /** Whether nobody can say if the write arrived; the same key settles it. */
  get isOpen() {
    return this.status === 0 || this.status >= 500;
  }
}

/** @typedef {Problem} Trouble for types: a class behind module.exports cannot be named from another file */

const OFFLINE = {
  code: 'offline',
  title: '没有连上网络',
  detail: '请检查网络后再试一次，您写的内容还在。',
};
const UNREADABLE = {
  code: 'unreadable',
  title: '服务暂时不可用',
  detail: '这次没有办成，请稍后再试一次，您写的内容还在。',
};

/** @returns {Problem} no answer came */
const offline = () => new Problem(OFFLINE);

/**
 * @param {number} status
 * @param {any} body what came as the answer
 * @returns {Problem}
 */
function problemOf(status, body) {
  if (!body || typeof body !== 'object' || typeof body.code !== 'string') {
    return new Problem({ ...UNREADABLE, status });
  }
  return new Problem({
    code: body.code,
    status,
    title: body.title,
    detail: body.detail,
    errors: body.errors || [],
    requestId: body.request_id || '',
    successorUrl: body.successor_url || '',
  });
}

/**
 * Anything that was thrown, as a problem.
 * @param {any} error
 * @returns {Problem}
 */
const asProblem = (error) => (error instanceof Problem ? error : new Problem(UNREADABLE));

/**
 * The sentences for each field, by the last part of its pointer (`/contact/phone` → `contact.phone`).
 * @param {Problem} problem
 * @returns {Record<string, string>}
 */
function fieldErrors(problem) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const { pointer, detail } of problem.errors) {
    const name = pointer.replace(/^\//, '').replace(/\/\d+$/, '').replaceAll('/', '.');
    found[name] = found[name] || detail;
  }
  return found;
}

module.exports = { Problem, asProblem, fieldErrors, offline, problemOf };
