// The phone on the desk: which address it shows, who holds it, whether it has a network.

const PERSON_KEY = 'phone:person';
const PEOPLE_KEY = 'phone:people';
const FIRST_PEOPLE = ['王女士', '李先生', '窗口工作人员'];

let screen;

export const phone = {
  person: localStorage.getItem(PERSON_KEY) || FIRST_PEOPLE[0],

  start(given) {
    screen = given;
    load(location.hash);
    // The address of the desk follows that of the phone; one that is typed by hand leads the phone.
    window.addEventListener('message', ({ data, origin, source }) => {
      if (origin === location.origin && source === screen.contentWindow && data.address)
        history.replaceState(null, '', data.address);
    });
    window.addEventListener('hashchange', () => phone.open(location.hash.slice(1)));
  },

  /** Open an address in the running mini program, as a scan or a message does. */
  open(url) {
    screen.contentWindow.previewPhone.open(url);
  },

  /** What was in memory is gone, what was stored stays. */
  kill() {
    load('');
  },

  cutNetwork(cut) {
    screen.contentWindow.previewPhone.cutNetwork(cut);
  },

  people: () => [
    ...new Set([...JSON.parse(localStorage.getItem(PEOPLE_KEY) || JSON.stringify(FIRST_PEOPLE)), phone.person]),
  ],

  /** Hand the phone to somebody, known or new. */
  giveTo(name) {
    phone.person = name;
    localStorage.setItem(PERSON_KEY, name);
    localStorage.setItem(PEOPLE_KEY, JSON.stringify(phone.people()));
    load('');
  },
};

let starts = 0;

function load(hash) {
  // A new address each time: the same one with another hash would not load anew.
  screen.src = `/app.html?start=${(starts += 1)}${hash}`;
}
