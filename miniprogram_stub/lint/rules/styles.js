/** Rules of WXSS: every colour is a token, every token exists, nothing comes from elsewhere. */
const path = require('node:path');

const { rootOf, textOf } = require('../sources');

const rule = (description, create) => ({ meta: { type: 'problem', docs: { description }, schema: [] }, create });

const TOKENS = path.join('styles', 'tokens.wxss');
const COLOUR = /#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(|(?<![\w-])(?:white|black|red|green|blue|gr[ae]y|silver|orange|yellow|pink|purple|brown|navy|teal|maroon|gold)(?![\w-])/i;
const isTokens = (file) => file.endsWith(TOKENS);

const colour = rule('colours come from the tokens', (context) => ({
  decl(node) {
    if (isTokens(context.filename)) return;
    const found = COLOUR.exec(node.value.replace(/url\([^)]*\)/g, ''));
    if (found) context.report({ node, message: `${found[0]} is written by hand: take a token` });
  },
}));

const knownToken = rule('a token that is used exists', (context) => ({
  root(tree) {
    const root = rootOf(context.filename);
    const defined = new Set(`${(root && textOf(path.join(root, TOKENS))) || ''}${context.sourceCode.text}`.match(/--[\w-]+(?=\s*:)/g));
    for (const node of declarationsIn(tree)) {
      for (const [, name] of node.value.matchAll(/var\(\s*(--[\w-]+)/g)) {
        if (!defined.has(name)) context.report({ node, message: `there is no token ${name}` });
      }
    }
  },
}));

const declarationsIn = (node) => (node.type === 'decl' ? [node] : (node.nodes || []).flatMap(declarationsIn));

const noRemote = rule('nothing is loaded from elsewhere', (context) => {
  const check = (node, text) => {
    if (/(?:https?:)?\/\/[\w-]+\./.test(text.replace(/xmlns(?::\w+)?=(['"]|%22|%27).*?\1/g, ''))) {
      context.report({ node, message: 'an address of another server' });
    }
  };
  return { decl: (node) => check(node, node.value), atrule: (node) => check(node, node.params || '') };
});

const componentSelectors = rule('components are styled by classes: WeChat applies nothing else there', (context) => ({
  rule(node) {
    if (!context.filename.split(path.sep).includes('components')) return;
    const isStep = context.sourceCode.getParent(node)?.name?.endsWith('keyframes');
    if (isStep) return;
    const plain = node.selector.replace(/::?[\w-]+(?:\([^)]*\))?/g, '');
    if (/#|\[|(?:^|[\s>+~,])(?:\*|[a-z])/.test(plain)) context.report({ node, message: `${node.selector}: only classes work in a component` });
  },
}));

module.exports = {
  colour,
  'known-token': knownToken,
  'no-remote': noRemote,
  'component-selectors': componentSelectors,
};
