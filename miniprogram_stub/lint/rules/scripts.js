/** Rules of scripts: one door to the network and one to the storage, no foreign addresses, no page that is not there. */
const path = require('node:path');

const { pagesOf, rootOf } = require('../sources');

const rule = (description, create) => ({ meta: { type: 'problem', docs: { description }, schema: [] }, create });

// The sign-in asks by itself: the door to the network needs its token.
const NETWORK_DOORS = [path.join('lib', 'http.js'), path.join('lib', 'session.js')];
const STORAGE_DOORS = ['lib'];
const NETWORK = new Set(['request', 'uploadFile', 'downloadFile', 'connectSocket']);
const STORAGE = /^(?:get|set|remove|clear|batch(?:Get|Set))Storage(?:Info)?(?:Sync)?$/;

/** Where a file stands within its mini program. */
const placeOf = (file) => {
  const root = rootOf(file);
  return root ? path.relative(root, file) : '';
};
const isBehind = (file, doors) => doors.some((door) => placeOf(file) === door || placeOf(file).startsWith(door + path.sep));
const isWx = (node, names) =>
  node.object.type === 'Identifier' && node.object.name === 'wx' && !node.computed && names.test(node.property.name);

const oneDoor = (description, names, doors, message) =>
  rule(description, (context) => ({
    MemberExpression(node) {
      if (isWx(node, names) && !isBehind(context.filename, doors)) context.report({ node, message: `wx.${node.property.name} ${message}` });
    },
  }));

const network = oneDoor('one door to the network', { test: (name) => NETWORK.has(name) }, NETWORK_DOORS, 'only in lib/http.js');
const storage = oneDoor('one door to the storage', STORAGE, STORAGE_DOORS, 'only in lib');

const ADDRESS = /(?:https?:)?\/\/[\w-]+(?:\.|:\d)/;

const noRemote = rule('addresses of servers stand in config.js', (context) => {
  if (placeOf(context.filename) === 'config.js') return {};
  const check = (node, text) => ADDRESS.test(text) && context.report({ node, message: 'an address of a server outside config.js' });
  return {
    Literal: (node) => typeof node.value === 'string' && check(node, node.value),
    TemplateElement: (node) => check(node, node.value.raw),
  };
});

const PAGE = /^\/?((?:pages|packages)\/[\w/-]+)(?=\?|$)/;

const knownPage = rule('a page that is named exists', (context) => ({
  Literal(node) {
    const found = typeof node.value === 'string' && PAGE.exec(node.value);
    const above = node.parent;
    const isRequired = above?.type === 'CallExpression' && above.callee.name === 'require';
    if (!found || isRequired) return;
    // The folder of a sub-package is what its addresses begin with.
    const isThere = pagesOf(context.filename).some((page) => page === found[1] || page.startsWith(`${found[1]}/`));
    if (!isThere) context.report({ node, message: `no page ${found[1]} in app.json` });
  },
}));

const WITHDRAWN = new Set(['getUserInfo', 'getUserProfile', 'getSystemInfo', 'getSystemInfoSync', 'getSystemInfoAsync', 'chooseImage', 'saveFile']);

const withdrawn = rule('nothing that WeChat has withdrawn', (context) => ({
  MemberExpression(node) {
    if (isWx(node, { test: (name) => WITHDRAWN.has(name) })) context.report({ node, message: `wx.${node.property.name} is withdrawn` });
  },
}));

module.exports = { network, storage, 'no-remote': noRemote, 'known-page': knownPage, withdrawn };
