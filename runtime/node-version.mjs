/**
 * The first Node that reads an id above 2^53 out of JSON without losing digits, and that the
 * libraries are made for. A process of an older one would start, and name the wrong customer.
 */
export const NEEDED = "22.12.0";

/** @param {string} version like "22.12.0" @param {string} least */
export function isAtLeast(version, least) {
  const [have = [], need = []] = [version, least].map((each) => each.split(".").map(Number));
  const at = need.findIndex((number, place) => number !== have[place]);
  return at === -1 || (have[at] ?? 0) > (need[at] ?? 0);
}

/**
 * What is to be said of a Node that is too old: what was found, and what would be right.
 *
 * @param {string} version @returns {string | null} null when it will do
 */
export function complaintAbout(version) {
  if (isAtLeast(version, NEEDED)) return null;
  return (
    `Encore needs Node ${NEEDED} or newer; this is Node ${version}. ` +
    "One that will do comes with the dependencies, and npm's scripts find it (npm start, npm run worker); " +
    "or install a newer Node."
  );
}
