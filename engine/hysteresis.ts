import type { Thresholds } from "./tiers.ts";
import { type Axis, buyTier, clvTier, NEW_TIER, scaleOdds } from "./tiers.ts";

/** A customer's tier on one axis, as an index into `tiers`, and the day on which it began. */
export type CurrentTier = { tier: number; sinceDay: number };

/** What decides a customer's tier on one axis. */
export type Placement = {
  axis: Axis;
  /** Probability of buying on `buy`, expected spend on `clv`. */
  value: number;
  /** Whether the customer is `new`; then `value` is ignored. */
  isNew: boolean;
  /** Whether the customer has ordered since the previous tier was set. */
  ordered: boolean;
  day: number;
  /** Whether the thresholds were chosen anew since: the margin and the stay do not apply then. */
  reset?: boolean;
};

/** Odds, or expected spend, must pass a boundary by this factor to move a customer over it. */
const MARGIN = 1.15;
/** A tier is kept at least this long, unless an order moves the customer up. */
const MIN_STAY_DAYS = 14;

/**
 * The tier a customer is shown in: that of its value, but a tier is kept while the value is within
 * the margin of its boundary, and for two weeks after it began. A change can start an email flow,
 * so it must not be noise. A move up after an order is immediate, and so is every move after the
 * merchant chose other thresholds.
 */
export function currentTier(
  placement: Placement,
  thresholds: Thresholds,
  before: CurrentTier | null,
): CurrentTier {
  const { axis, value, day } = placement;
  const moved = (tier: number): CurrentTier =>
    before?.tier === tier ? before : { tier, sinceDay: day };
  if (placement.isNew) return moved(NEW_TIER);
  const plain = tierOf(axis, value, thresholds);
  if (placement.reset || !before || before.tier === NEW_TIER) return moved(plain);
  if (placement.ordered && plain < before.tier) return moved(plain);
  if (day - before.sinceDay < MIN_STAY_DAYS) return before;
  return moved(tierOf(axis, value, widened(thresholds, before.tier)));
}

function tierOf(axis: Axis, value: number, thresholds: Thresholds): number {
  return axis === "buy" ? buyTier(value, thresholds) : clvTier(value, thresholds);
}

/** The thresholds, with the bounds of this tier moved outward by the margin. */
function widened(thresholds: Thresholds, tier: number): Thresholds {
  const upper = tier === 0 ? 1 / MARGIN : MARGIN;
  const lower = tier === 2 ? MARGIN : 1 / MARGIN;
  return {
    buyHigh: scaleOdds(thresholds.buyHigh, upper),
    buyLow: scaleOdds(thresholds.buyLow, lower),
    clvHigh: thresholds.clvHigh * upper,
    clvModerate: thresholds.clvModerate * lower,
  };
}
