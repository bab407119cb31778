/**
 * The first Node that can parse ids above 2^53 from JSON without losing digits, and that the libraries
 * support. A process on an older one would start, and use wrong customer ids.
 */
export const NEEDED = "22.12.0";

/** @param {string} version like "22.12.0" @param {string} least */
export function isAtLeast(version, least) {
  const [have = [], need = []] = [version, least].map((each) => each.split(".").map(Number));
  const at = need.findIndex((number, place) => number !== have[place]);
  return at === -1 || (have[at] ?? 0) > (need[at] ?? 0);
}

/**
 * The error message for a Node that is too old: the version found, and the one needed.
 *
 * @param {string} version @returns {string | null} null when it is new enough
 */
export function complaintAbout(version) {
  if (isAtLeast(version, NEEDED)) return null;
  return (
    `Encore needs Node ${NEEDED} or newer; this is Node ${version}. ` +
    "A suitable one is installed with the dependencies and used by npm scripts (npm start, npm run worker); " +
    "or install a newer Node."
  );
}
