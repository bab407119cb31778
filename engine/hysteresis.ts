import type { Thresholds } from "./tiers.ts";
import { type Axis, buyTier, clvTier, NEW_TIER, scaleOdds } from "./tiers.ts";

/** Where a customer stands on one axis, as an index into `tiers`, and since when. */
export type CurrentTier = { tier: number; sinceDay: number };

/** What there is to place a customer by on one axis. */
export type Placement = {
  axis: Axis;
  /** Probability of buying on `buy`, expected spend on `clv`. */
  value: number;
  /** Whether the customer is `new`: then no value counts. */
  isNew: boolean;
  /** Whether the customer has ordered since the standing before was given. */
  ordered: boolean;
  day: number;
};

/** Odds, or expected spend, must pass a boundary by this factor to move a customer over it. */
const MARGIN = 1.15;
/** A customer who was moved stays at least this long, unless it orders. */
const MIN_STAY_DAYS = 14;

/**
 * The tier a customer is shown in: the one its value falls into, but no tier is left for a value
 * just past its boundary, nor within two weeks of coming to it. Every change can start somebody's
 * email flow, so changes must mean something. Moving up after an order is immediate.
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
  if (!before || before.tier === NEW_TIER) return moved(plain);
  if (placement.ordered && plain < before.tier) return moved(plain);
  if (day - before.sinceDay < MIN_STAY_DAYS) return before;
  return moved(tierOf(axis, value, widened(thresholds, before.tier)));
}

function tierOf(axis: Axis, value: number, thresholds: Thresholds): number {
  return axis === "buy" ? buyTier(value, thresholds) : clvTier(value, thresholds);
}

/** Thresholds that hold a customer in its tier: the bounds of that tier moved outward. */
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
