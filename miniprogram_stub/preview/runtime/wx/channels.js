// The channel between a page and the one that opened it.

function makeChannel() {
  const listeners = new Map();
  const of = (name) => listeners.get(name) || listeners.set(name, new Set()).get(name);
  return {
    emit: (name, ...given) => [...of(name)].forEach((listener) => listener(...given)),
    on: (name, listener) => void of(name).add(listener),
    off: (name, listener) => void (listener ? of(name).delete(listener) : of(name).clear()),
    once(name, listener) {
      const wrapped = (...given) => {
        of(name).delete(wrapped);
        listener(...given);
      };
      of(name).add(wrapped);
    },
  };
}

/** The opener's end; the opened page gets the same from getOpenerEventChannel. */
export function channelFor(instance, events = {}) {
  const channel = makeChannel();
  for (const [name, listener] of Object.entries(events)) channel.on(name, listener);
  instance.getOpenerEventChannel = () => channel;
  return channel;
}
