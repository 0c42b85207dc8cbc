/** Idempotency keys: one for each thing a person wants done, kept with its draft, so that trying again does it once. */
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const LENGTH = 32;

/** @returns {string} a new key; it only has to be unlike the person's other keys, not hard to guess */
function newKey() {
  let key = Date.now().toString(36);
  while (key.length < LENGTH) key += ALPHABET[Math.floor(Math.random() * ALPHABET.length)];
  return key;
}

module.exports = { newKey };
