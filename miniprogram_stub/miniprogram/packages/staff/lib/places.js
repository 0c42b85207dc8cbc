/** The directory as something to choose from: units, their sections, who is there. */

const AT_FIRST = 8;
const FOUND = 30;

/**
 * @typedef {{id: string, name: string, sections: any[]}} Unit
 * @typedef {{to_unit?: string, to_section?: string, to_staff?: string}} Place
 * @typedef {object} Offered
 * @property {string[] | null} [within] only these units
 * @property {string} [without] the section that holds it now
 * @property {string} [own] my unit, where its general post cannot be named
 * @property {string} [exceptUnit]
 */

/**
 * Units that can be named, each with its sections; found by a part of the name of either.
 * @param {Unit[]} units
 * @param {string} words
 * @param {Offered} offered
 */
function found(units, words, offered) {
  const wanted = words.trim();
  const all = units
    .filter((unit) => unit.id !== offered.exceptUnit && (!offered.within || offered.within.includes(unit.id)))
    .map((unit) => matching(unit, wanted, offered))
    .filter((unit) => unit !== null);
  const most = wanted ? FOUND : AT_FIRST;
  return { units: all.slice(0, most), more: Math.max(0, all.length - most) };
}

/** @param {Unit} unit @param {string} wanted @param {Offered} offered */
function matching(unit, wanted, offered) {
  const sections = unit.sections
    .filter((section) => section.id !== offered.without)
    .map(({ id, name, staffed }) => ({ id, name, staffed }));
  const shape = { id: unit.id, name: unit.name, general: unit.id !== offered.own };
  if (!wanted || unit.name.includes(wanted)) return { ...shape, sections };
  const some = sections.filter((section) => section.name.includes(wanted));
  return some.length ? { ...shape, general: false, sections: some } : null;
}

/**
 * @param {Unit[]} units
 * @param {Place} place
 * @param {string} general what the general post is called here
 */
function placeText(units, place, general) {
  const unit = units.find((one) => one.id === place.to_unit);
  if (!unit) return '';
  const section = unit.sections.find((one) => one.id === place.to_section);
  return `${unit.name} ${section ? section.name : general}`;
}

/**
 * Who of a place can be named: people are told of the own unit only.
 * @param {Unit[]} units
 * @param {Place} place
 * @returns {{value: string, label: string}[]}
 */
function peopleOf(units, place) {
  const unit = units.find((one) => one.id === place.to_unit);
  const sections = unit ? unit.sections.filter((one) => !place.to_section || one.id === place.to_section) : [];
  return sections.flatMap((section) =>
    section.staff.map((/** @type {any} */ one) => ({
      value: one.id,
      label: place.to_section ? one.name : `${section.name} ${one.name}`,
    })),
  );
}

module.exports = { found, peopleOf, placeText };
