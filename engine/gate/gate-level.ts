import type { RuleCheck } from "./gate.ts";
import type { Rehearsal } from "./rehearsal.ts";

/** Buyers beside those expected, in every one of so many windows, were off in one direction. */
export type LevelWarning = {
  windows: number;
  horizonDays: number;
  /** (expected − actual)/actual of the buyers, in the window where it was least, and most, off. */
  least: number;
  most: number;
};

/** Fewer windows are no habit; with fewer buyers a window says nothing. */
const MIN_WINDOWS = 3;
const MIN_BUYERS = 20;
/** Off by less than this factor, again and again, is not worth a word; by more than that refuses. */
const WORTH_A_WORD = 1.25;
const TOO_FAR = 2;

/** By how much the store's past windows were off in level, where all of them were in one direction. */
export function levelSeen({ totals, horizonDays }: Rehearsal): LevelWarning | null {
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

/** What a store that is shown must be told of its level; null where there is nothing to tell. */
export function levelWarning(rehearsal: Rehearsal | null): LevelWarning | null {
  const seen = rehearsal && levelSeen(rehearsal);
  return seen && factorOf(seen.least) >= WORTH_A_WORD ? seen : null;
}

/**
 * Whether the level was off too far, window after window, by what had been learned before each. What
 * the store has is the least that all of them were off by, as a share.
 */
export function checkLevel(rehearsal: Rehearsal | null): RuleCheck {
  const seen = rehearsal && levelSeen(rehearsal);
  const factor = seen ? factorOf(seen.least) : 1;
  return {
    code: "level",
    passed: factor <= TOO_FAR,
    have: factor - 1,
    need: TOO_FAR - 1,
    unit: "share",
    expectedDay: null,
  };
}

/** A factor above 1, whatever the direction. */
function factorOf(off: number): number {
  return Math.exp(Math.abs(Math.log(1 + off)));
}
