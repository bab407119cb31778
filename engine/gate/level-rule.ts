import type { RuleCheck } from "./gate.ts";
import type { Rehearsal } from "./rehearsal.ts";

/** The expected number of buyers was off in the same direction in each of several past windows. */
export type LevelWarning = {
  windows: number;
  horizonDays: number;
  /**
   * (expected − actual)/actual of the buyers, in the windows with the smallest and the largest
   * error.
   */
  least: number;
  most: number;
};

/** Fewer windows may agree by chance; windows with fewer buyers are not counted. */
const MIN_WINDOWS = 3;
const MIN_BUYERS = 20;
/** At the first factor or more the merchant is warned; above the second the gate refuses. */
const WARN_FROM = 1.25;
const REFUSE_ABOVE = 2;

/** The level errors of the store's past windows; null unless all have the same direction. */
export function levelErrors({ totals, horizonDays }: Rehearsal): LevelWarning | null {
  const ratios = totals
    .filter(({ buyers }) => buyers.actual >= MIN_BUYERS)
    .map(({ buyers }) => buyers.expected / buyers.actual)
    .sort((left, right) => Math.abs(Math.log(left)) - Math.abs(Math.log(right)));
  const [least] = ratios;
  const most = ratios.at(-1);
  if (ratios.length < MIN_WINDOWS || most === undefined) return null;
  if (!ratios.every((ratio) => ratio > 1 === least > 1)) return null;
  return { windows: ratios.length, horizonDays, least: least - 1, most: most - 1 };
}

/** The level warning for a store that passes the gate; null where none is due. */
export function levelWarning(rehearsal: Rehearsal | null): LevelWarning | null {
  const errors = rehearsal && levelErrors(rehearsal);
  return errors && factorOf(errors.least) >= WARN_FROM ? errors : null;
}

/**
 * Fails if every past window, predicted from what was known before it, was off in the same
 * direction by more than a factor of 2. `have` is the smallest of these errors, as a share.
 */
export function checkLevel(rehearsal: Rehearsal | null): RuleCheck {
  const errors = rehearsal && levelErrors(rehearsal);
  const factor = errors ? factorOf(errors.least) : 1;
  return {
    code: "level",
    passed: factor <= REFUSE_ABOVE,
    have: factor - 1,
    need: REFUSE_ABOVE - 1,
    unit: "share",
    expectedDay: null,
  };
}

/** The factor of an error, at least 1 in either direction. */
function factorOf(off: number): number {
  return Math.exp(Math.abs(Math.log(1 + off)));
}
