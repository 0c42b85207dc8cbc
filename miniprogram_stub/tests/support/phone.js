/** One phone: whose it is, what it keeps, what its owner answers, what it has shown. `wx_*.js` give it its voice. */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

let owners = 0;

/** What there is at the start of each test. */
function blank() {
  owners += 1;
  return {
    /** Who holds it: the simulator gives each name an openid of its own. */
    person: `测试${process.pid}号${owners}`,
    /** @type {Map<string, any>} outlives a kill, not a test */
    storage: new Map(),
    storageIsBroken: false,
    hasNetwork: true,
    privacyAgreed: true,
    /** @type {((asked: any) => boolean)} whether a question is answered with yes */
    confirms: () => true,
    /** What a menu is answered with: the index, or -1 for none. @type {(items: string[]) => number} */
    chooses: () => 0,
    /** What is answered to WeChat's question about a message. @type {(templateId: string) => string} */
    subscribes: () => 'accept',
    /** @type {{path: string, size: number}[]} what the next choosing of photos or files gives; empty: it is cancelled */
    files: [],
    /** Whether a tap is being handled: some of WeChat's functions work only then. */
    inTap: false,
    /** @type {{name: string, options: any}[]} every call that something was shown, opened or copied by */
    shown: [],
    /** @type {{templateIds: string[], answer: any}[]} */
    prompts: [],
    launch: { path: '', query: {}, scene: 1001 },
  };
}

const phone = blank();

/** Another phone, of somebody else, with nothing on it. */
function newPhone() {
  Object.assign(phone, blank());
}

/** @param {string} name of a function of wx @returns {any[]} what it was called with, oldest first */
const shown = (name) => phone.shown.filter((one) => one.name === name).map((one) => one.options);

/**
 * A file on the phone, to be chosen.
 * @param {string} name
 * @param {Buffer} [content] a small JPEG without it
 */
function putFile(name, content = JPEG) {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'shouwen-')), name);
  fs.writeFileSync(file, content);
  const described = { path: file, size: content.length };
  phone.files.push(described);
  return described;
}

// One grey pixel.
const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////' +
    'wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z',
  'base64',
);

module.exports = { newPhone, phone, putFile, shown };
