/** 大字版: chosen once, kept on the phone, told to every page as it shows. */
const store = require('./store');

const isLarge = () => store.get('large', false) === true;

/** @param {boolean} large */
const setLarge = (large) => store.set('large', large);

/** @param {any} page */
function applyTo(page) {
  const large = isLarge() ? 'large' : '';
  if (page.data.large !== large) page.setData({ large });
}

module.exports = { isLarge, setLarge, applyTo };
