import {
  axes,
  type Axis,
  type CurrentTier,
  currentTier,
  type Scores,
  type Summary,
  type Thresholds,
  tiers,
} from "#engine";

/** The current tier of every customer after a run. Arrays by the run's customer index. */
export type CurrentTiers = {
  /** Index into `tiers`; `ABSENT` for a customer who was not in the run. */
  tier: Record<Axis, Uint8Array>;
  /** As-of day from which the customer has been in that tier. */
  sinceDay: Record<Axis, Int32Array>;
  /**
   * The tier before, at the end of an earlier day. Known for moves within {@link MOVED_DAYS};
   * `ABSENT` for others.
   */
  from: Record<Axis, Uint8Array>;
  /** The customer's figures, by which the next run detects new orders. */
  frequency: Int32Array;
  spentMinor: Float64Array;
};

export const ABSENT = 255;
/** For how many days the tier before a move is remembered. */
export const MOVED_DAYS = 30;
const NEW = tiers.indexOf("new");

/**
 * Why a tier changed between two runs. `grown`: the customer is no longer new; `store`: the
 * customer rose without an order, because models and thresholds changed with the store; `settings`:
 * the merchant changed what tiers follow from.
 */
export const changeReasons = ["order", "refund", "grown", "time", "store", "settings"] as const;
export type ChangeReason = (typeof changeReasons)[number];

/** A change of a customer's current tier. */
export type TierChange = {
  /** The run's customer index. */
  customer: number;
  axis: Axis;
  /** Indices into `tiers`. */
  from: number;
  to: number;
  why: ChangeReason;
};

export function noCurrentTiers(customers: number): CurrentTiers {
  const absent = () => new Uint8Array(customers).fill(ABSENT);
  return {
    tier: { clv: absent(), buy: absent() },
    from: { clv: absent(), buy: absent() },
    sinceDay: { clv: new Int32Array(customers), buy: new Int32Array(customers) },
    frequency: new Int32Array(customers),
    spentMinor: new Float64Array(customers),
  };
}

/** Makes these customers absent. */
export function forget({ tier }: CurrentTiers, customers: readonly number[]): void {
  for (const customer of customers) for (const axis of axes) tier[axis][customer] = ABSENT;
}

/** A run's figures, from which current tiers are computed. */
export type Figures = {
  asOfDay: number;
  summary: Summary;
  scores: Scores;
  thresholds: Thresholds;
  /** Whether the merchant chose other thresholds since: nothing holds a tier back then. */
  reset?: boolean;
};

/** The current tiers by these figures and the previous tiers. */
export function tiersAfter(figures: Figures, before: CurrentTiers): CurrentTiers {
  const { summary } = figures;
  const after = noCurrentTiers(before.frequency.length);
  for (let row = 0; row < summary.customers; row++) {
    const customer = summary.index[row];
    after.frequency[customer] = summary.frequency[row];
    after.spentMinor[customer] = spentMinor(summary, row);
    const ordered = hasOrdered(before, after, customer);
    for (const axis of axes) {
      const previous = previousTier(before, axis, customer);
      const current = tierOn(figures, { axis, row, ordered }, previous);
      const moved = previous !== null && previous.tier !== current.tier;
      after.tier[axis][customer] = current.tier;
      after.sinceDay[axis][customer] = current.sinceDay;
      after.from[axis][customer] = moved ? previous.tier : before.from[axis][customer];
    }
  }
  return after;
}

function tierOn(
  { asOfDay, scores, thresholds, reset = false }: Figures,
  { axis, row, ordered }: { axis: Axis; row: number; ordered: boolean },
  before: CurrentTier | null,
): CurrentTier {
  const value = axis === "clv" ? scores.expectedSpend[row] : scores.buyProbability[row];
  const plain = axis === "clv" ? scores.clvTier[row] : scores.buyTier[row];
  const placement = { axis, value, isNew: plain === NEW, ordered, day: asOfDay, reset };
  return currentTier(placement, thresholds, before);
}

function previousTier(
  { tier, sinceDay }: CurrentTiers,
  axis: Axis,
  customer: number,
): CurrentTier | null {
  const current = { tier: tier[axis][customer], sinceDay: sinceDay[axis][customer] };
  return current.tier === ABSENT ? null : current;
}

/** A second order on the same day is no new purchase day, but raises the spend. */
function hasOrdered(before: CurrentTiers, after: CurrentTiers, customer: number): boolean {
  return (
    after.frequency[customer] > before.frequency[customer] ||
    after.spentMinor[customer] > before.spentMinor[customer]
  );
}

/** Leaving `new` is neither a rise nor a fall. */
export type Direction = "fell" | "rose" | "grown";

/** @param from index into `tiers`, as is `to` */
export function directionOf(from: number, to: number): Direction {
  if (from === NEW || to === NEW) return "grown";
  return to > from ? "fell" : "rose";
}

/**
 * The tier before a move within so many days up to a day; `ABSENT` where there was none. The move
 * counts from the as-of day of the scoring that found it.
 */
export function movedFrom(
  { from, sinceDay }: CurrentTiers,
  axis: Axis,
  { customer, asOfDay, days }: { customer: number; asOfDay: number; days: number },
): number {
  return sinceDay[axis][customer] > asOfDay - days ? from[axis][customer] : ABSENT;
}

/**
 * The changes of tiers between two runs, for customers who are in both.
 *
 * @param chosen whether the merchant changed a setting in between, which explains all of them
 */
export function* tierChanges(
  before: CurrentTiers,
  after: CurrentTiers,
  chosen = false,
): Generator<TierChange> {
  for (let customer = 0; customer < after.frequency.length; customer++) {
    for (const axis of axes) {
      const from = before.tier[axis][customer];
      const to = after.tier[axis][customer];
      if (from === to || from === ABSENT || to === ABSENT) continue;
      const why = chosen ? "settings" : reasonOf(before, after, { customer, from, to });
      yield { customer, axis, from, to, why };
    }
  }
}

function reasonOf(
  before: CurrentTiers,
  after: CurrentTiers,
  { customer, from, to }: Pick<TierChange, "customer" | "from" | "to">,
): ChangeReason {
  if (hasOrdered(before, after, customer)) return "order";
  if (after.spentMinor[customer] < before.spentMinor[customer]) return "refund";
  if (from === NEW) return "grown";
  return to < from ? "store" : "time";
}

/** Net spend so far, recovered from the mean, in whole minor units. */
export function spentMinor(summary: Summary, row: number): number {
  return Math.round(summary.meanSpend[row] * (summary.frequency[row] + 1));
}
