/** ESLint's plugins for a mini program: WXML and WXSS as languages, and the rules of each. */
const { wxml } = require('./wxml');
const { wxss } = require('./wxss');

module.exports = {
  wxml: { languages: { wxml }, rules: { ...require('./rules/structure'), ...require('./rules/access') } },
  wxss: { languages: { wxss }, rules: require('./rules/styles') },
  mini: { rules: require('./rules/scripts') },
};
