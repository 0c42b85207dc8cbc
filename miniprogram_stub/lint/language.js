/** What both languages of WeChat need to be read by ESLint: a tree with parents, walked once. */
const { TextSourceCodeBase, VisitNodeStep } = require('@eslint/plugin-kit');

class Source extends TextSourceCodeBase {
  #parents = new Map();
  #steps;

  /** @param {{text: string, ast: any, visitorKeys: Record<string, string[]>}} read */
  constructor({ text, ast, visitorKeys }) {
    super({ text, ast });
    this.visitorKeys = visitorKeys;
    const steps = [];
    this.#walk(ast, null, steps);
    this.#steps = steps;
  }

  getParent(node) {
    return this.#parents.get(node) ?? null;
  }

  getAncestors(node) {
    const above = this.getParent(node);
    return above ? [...this.getAncestors(above), above] : [];
  }

  traverse() {
    return this.#steps;
  }

  #walk(node, parent, steps) {
    this.#parents.set(node, parent);
    steps.push(new VisitNodeStep({ target: node, phase: 1, args: [node, parent] }));
    for (const key of this.visitorKeys[node.type] || []) {
      for (const child of [node[key]].flat()) if (child) this.#walk(child, node, steps);
    }
    steps.push(new VisitNodeStep({ target: node, phase: 2, args: [node, parent] }));
  }
}

/**
 * @param {Record<string, string[]>} visitorKeys
 * @param {(text: string) => {ast?: any, errors?: {message: string, line: number, column: number}[]}} read
 */
const language = (visitorKeys, read) => ({
  fileType: 'text',
  lineStart: 1,
  columnStart: 1,
  nodeTypeKey: 'type',
  visitorKeys,
  validateLanguageOptions() {},
  parse(file) {
    const { ast, errors } = read(file.body);
    return ast ? { ok: true, ast } : { ok: false, errors };
  },
  createSourceCode: (file, { ast }) => new Source({ text: file.body, ast, visitorKeys }),
});

module.exports = { language };
