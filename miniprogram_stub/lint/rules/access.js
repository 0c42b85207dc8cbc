/** Rules for those who do not see the screen, or type more than WeChat's default lets them. */
const { componentsOf, textOf } = require('../sources');
const { allIn, attribute, hasName, hasWords, parse, tapOf, valueOf } = require('../wxml');

const rule = (description, create) => ({ meta: { type: 'problem', docs: { description }, schema: [] }, create });

const TYPED = new Set(['input', 'textarea']);
const TICKED = new Set(['radio', 'checkbox', 'switch']);
const CONTROLS = new Set([...TYPED, ...TICKED, 'button', 'picker', 'slider', 'navigator']);
const ROLES = new Set(
  'button link checkbox radio switch tab menuitem option dialog alertdialog combobox slider searchbox textbox'.split(' '),
);

const isAncestor = (context, node, name) => context.sourceCode.getAncestors(node).some((one) => one.name === name && hasWords(one));
const isSilent = (node) => valueOf(node, 'aria-hidden') === 'true' || valueOf(node, 'aria-hidden') === '{{true}}';

const maxlength = rule('a text field says how long its text can be', (context) => ({
  WXElement(node) {
    if (!TYPED.has(node.name)) return;
    if (valueOf(node, 'maxlength') === '') context.report({ node: node.startTag, message: `<${node.name}> without maxlength: WeChat cuts at 140` });
  },
}));

const accessibleName = rule('a control has words by which a screen reader calls it', (context) => ({
  WXElement(node) {
    if (!CONTROLS.has(node.name) || isSilent(node) || hasName(node)) return;
    if (TICKED.has(node.name) && isAncestor(context, node, 'label')) return;
    context.report({ node: node.startTag, message: `<${node.name}> has no accessible name: words in it or aria-label` });
  },
}));

const tapRole = rule('what can be tapped says what it is and what it is called', (context) => ({
  WXElement(node) {
    if (!tapOf(node) || CONTROLS.has(node.name) || node.name === 'label' || isSilent(node)) return;
    if (node.name.includes('-') && isControlInside(context.filename, node.name)) return;
    const role = valueOf(node, 'aria-role') || valueOf(node, 'role');
    const report = (message) => context.report({ node: node.startTag, message: `<${node.name}> with a tap handler ${message}` });
    if (!ROLES.has(role) && !role.includes('{{')) report('needs an aria-role');
    else if (!hasName(node)) report('has no accessible name: words in it or aria-label');
  },
}));

/** Whether a component brings the control itself: a tap on it rises from there. */
function isControlInside(file, name) {
  const place = componentsOf(file)[name];
  const text = place ? textOf(`${place}.wxml`) : null;
  if (text === null) return false;
  const elements = parse(text).body.filter((one) => one.type === 'WXElement').flatMap(allIn);
  return elements.some((one) => CONTROLS.has(one.name) || ROLES.has(valueOf(one, 'aria-role')));
}

const image = rule('an image has words, or says that it is only decoration', (context) => ({
  WXElement(node) {
    if (node.name !== 'image' || isSilent(node) || valueOf(node, 'aria-label') !== '') return;
    const above = context.sourceCode.getAncestors(node);
    if (above.some((one) => one.type === 'WXElement' && isSilent(one))) return;
    context.report({ node: node.startTag, message: '<image> needs aria-label, or aria-hidden="true" where it is decoration' });
  },
}));

const noHiddenControl = rule('nothing is hidden from a screen reader that can be used', (context) => ({
  WXElement(node) {
    if (!isSilent(node)) return;
    const inside = allIn(node).filter((one) => CONTROLS.has(one.name) && !attribute(one, 'disabled'));
    if (inside.length) context.report({ node: node.startTag, message: `<${inside[0].name}> within aria-hidden` });
  },
}));

module.exports = {
  maxlength,
  'accessible-name': accessibleName,
  'tap-role': tapRole,
  image,
  'no-hidden-control': noHiddenControl,
};
