// What happened, in order; the pages show it.
const happened = [];
module.exports = { add: (line) => happened.push(line), lines: () => happened.slice() };
