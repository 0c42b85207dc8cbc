/**
 * What the client takes its server to be, as JSON on standard output: for tests/miniprogram/test_contract.py, which holds
 * it against the server itself.
 */
const espree = require('espree');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '../miniprogram');
const contract = require(path.join(ROOT, 'lib/contract.js'));

// Forms may ask what the inquiry is like; these are the answers that bring every field out.
const UNIT = { id: 'u1', name: '甲' };
const CONTEXTS = ['tan', 'lu'].flatMap((measure) =>
  ['complaint', 'consult', 'application'].map((category) => ({
    me: { unit: UNIT, section: UNIT, roles: [] },
    units: [],
    matters: [{ id: 'm1', name: '事项', legal_days: 1 }],
    opinionRoles: [],
    inquiry: {
      measure: { id: measure }, category, status: 'confirmed', round: 1, notice: null, clocks: [], actions: [],
      holder: { unit: UNIT, section: UNIT }, joint: { units: [{ unit: UNIT }] }, dispute: { level: 'unit', arbiter_unit: UNIT },
    }, // prettier-ignore
  })),
);

/** @param {any} act @returns {string[]} the server's names of what its form can send */
function fieldsOf({ fields, fixed = {} }) {
  const found = CONTEXTS.flatMap((context) => (typeof fields === 'function' ? fields(context) : fields));
  const names = found.flatMap(({ name, of, kind, also = [] }) => (kind === 'place' ? also : [of || name.split('.')[0]]));
  return [...new Set([...names, ...Object.keys(fixed)])].sort();
}

function* nodesOf(node) {
  if (Array.isArray(node)) for (const one of node) yield* nodesOf(one);
  else if (node && typeof node === 'object') {
    if (typeof node.type === 'string') yield node;
    for (const [key, value] of Object.entries(node)) if (key !== 'loc') yield* nodesOf(value);
  }
}

const keyed = (object, name) => object.properties.find((one) => one.type === 'Property' && one.key.name === name)?.value;

/** @returns {any} every request of a script: method and endpoint by name, or the address as it is written */
function requestsIn(file) {
  const tree = espree.parse(fs.readFileSync(file, 'utf8'), { ecmaVersion: 'latest', loc: true });
  const found = { requests: [], addresses: [] };
  for (const node of nodesOf(tree)) {
    if (node.type === 'Literal' && /^\/api\//.test(node.value)) found.addresses.push(node.value);
    if (node.type === 'TemplateElement' && node.value.raw.includes('/api/')) found.addresses.push(node.value.raw);
    const [given] = node.type === 'CallExpression' && ['request', 'upload', 'download'].includes(node.callee.name) ? node.arguments : [];
    const address = given?.type === 'ObjectExpression' && keyed(given, 'path');
    if (!address || address.type !== 'CallExpression' || address.callee.name !== 'endpoint') continue;
    const method = node.callee.name === 'upload' ? 'POST' : keyed(given, 'method')?.value || 'GET';
    const data = keyed(given, 'data');
    const fields = data?.type === 'ObjectExpression' && data.properties.every((one) => one.type === 'Property') ? data.properties.map((one) => one.key.name) : null;
    found.requests.push({ method, endpoint: address.arguments[0].value, fields, where: `${path.relative(ROOT, file)}:${node.loc.start.line}` });
  }
  return found;
}

/** @param {string} folder @returns {string[]} */
const scripts = (folder) => fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.js')).map((name) => path.join(folder, name));

const acts = require(path.join(ROOT, 'packages/staff/lib/acts.js'));
const read = scripts(ROOT).filter((file) => !file.endsWith(path.join('lib', 'contract.js'))).map(requestsIn);
process.stdout.write(
  JSON.stringify({
    enums: contract.ENUMS,
    limits: contract.LIMITS,
    files: contract.FILES,
    endpoints: contract.ENDPOINTS,
    acts: Object.fromEntries(Object.entries(acts.ACTS).map(([name, act]) => [name, fieldsOf(act)])),
    deskOnly: acts.DESK_ONLY,
    requests: read.flatMap((one) => one.requests),
    addresses: [...new Set(read.flatMap((one) => one.addresses))],
    texts: Object.fromEntries(scripts(path.join(ROOT, 'pages')).map((file) => [path.relative(path.join(ROOT, 'pages'), file), fs.readFileSync(file, 'utf8')])),
  }),
);
