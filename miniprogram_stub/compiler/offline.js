/** Required first by every process of the compiler: it asks WeChat for a list it does without, and is told at once no. */
const dns = require('node:dns');
const net = require('node:net');

dns.lookup = (host, options, done = options) => {
  process.nextTick(done, Object.assign(new Error(`no network here: ${host}`), { code: 'ENOTFOUND' }));
};

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function connectHere(...given) {
  const [options] = given.flat();
  const isElsewhere = options?.host && !options.path && !['127.0.0.1', '::1', 'localhost'].includes(options.host);
  if (isElsewhere && net.isIP(options.host)) throw new Error(`no network here: ${options.host}`);
  return connect.apply(this, given);
};
