/** Signing out and unbinding: afterwards nothing of the office is left on the phone. */
const { endpoint } = require('../../../lib/contract');
const session = require('../../../lib/session');
const store = require('../../../lib/store');
const desk = require('./desk');
const drafts = require('./drafts');
const memory = require('./memory');
const reminders = require('./reminders');

const OWNER = 'staff.owner';

/**
 * Drafts of somebody else who was bound to this WeChat before are not this person's to see.
 * @param {string} id of who is signed in
 */
function settleOwner(id) {
  const before = store.get(OWNER, id);
  if (before !== id) drafts.clearAll();
  store.set(OWNER, id);
}

/** The session ends on the phone in any case; on the server it ends now, or by itself later. */
async function signOut() {
  try {
    if (session.kept('staff')) await desk.ask({ method: 'DELETE', path: endpoint('endStaffSession') });
  } catch {
    // Without a network the phone still forgets: who taps 退出 may hand the phone on.
  }
  desk.leave();
  wipe();
}

/** @returns {Promise<void>} rejects with a Problem: a binding that is still there must not look gone */
async function unbind() {
  await desk.ask({ method: 'DELETE', path: endpoint('binding') });
  desk.unbound();
  wipe();
}

function wipe() {
  drafts.clearAll();
  store.remove(OWNER);
  memory.forget();
  reminders.forget();
}

module.exports = { settleOwner, signOut, unbind };
