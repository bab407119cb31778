import {
  axes,
  settle,
  tiers,
  type Axis,
  type Scores,
  type Standing,
  type Summary,
  type Thresholds,
} from "#engine";

/** Where every customer stands after a run. Arrays by dense customer index. */
export type Standings = {
  /** Index into `tiers`; `ABSENT` for a customer the run did not know. */
  tier: Record<Axis, Uint8Array>;
  /** As-of day from which the customer has been in that tier. */
  sinceDay: Record<Axis, Int32Array>;
  /** What was known of the customer: it tells later whether an order came. */
  frequency: Int32Array;
  spentMinor: Float64Array;
};

export const ABSENT = 255;
const NEW = tiers.indexOf("new");

/**
 * What happened to a customer between two runs. `grown`: it is not new any more; `store`: it rose
 * without an order, since models and norms follow the store.
 */
export const changeReasons = ["order", "refund", "grown", "time", "store"] as const;
export type ChangeReason = (typeof changeReasons)[number];

/** A customer came into another tier. */
export type TierChange = {
  /** Dense customer index. */
  customer: number;
  axis: Axis;
  /** Indices into `tiers`. */
  from: number;
  to: number;
  why: ChangeReason;
};

export function emptyStandings(customers: number): Standings {
  return {
    tier: {
      clv: new Uint8Array(customers).fill(ABSENT),
      buy: new Uint8Array(customers).fill(ABSENT),
    },
    sinceDay: { clv: new Int32Array(customers), buy: new Int32Array(customers) },
    frequency: new Int32Array(customers),
    spentMinor: new Float64Array(customers),
  };
}

/** As if these customers had not been known. */
export function forget({ tier }: Standings, customers: readonly number[]): void {
  for (const customer of customers) for (const axis of axes) tier[axis][customer] = ABSENT;
}

/** A run's figures, before its customers are given the tiers they are shown in. */
export type Figures = {
  asOfDay: number;
  summary: Summary;
  scores: Scores;
  thresholds: Thresholds;
};

/** Gives every customer the tier it is shown in, from where it stood before. */
export function settleAll(figures: Figures, before: Standings): Standings {
  const { summary } = figures;
  const after = emptyStandings(before.frequency.length);
  for (let row = 0; row < summary.customers; row++) {
    const customer = summary.index[row];
    after.frequency[customer] = summary.frequency[row];
    after.spentMinor[customer] = spentMinor(summary, row);
    const ordered = hasOrdered(before, after, customer);
    for (const axis of axes) {
      const standing = settleOne(
        figures,
        { axis, row, ordered },
        standingOf(before, axis, customer),
      );
      after.tier[axis][customer] = standing.tier;
      after.sinceDay[axis][customer] = standing.sinceDay;
    }
  }
  return after;
}

function settleOne(
  { asOfDay, scores, thresholds }: Figures,
  { axis, row, ordered }: { axis: Axis; row: number; ordered: boolean },
  before: Standing | null,
): Standing {
  const value = axis === "clv" ? scores.expectedSpend[row] : scores.buyProbability[row];
  const plain = axis === "clv" ? scores.clvTier[row] : scores.buyTier[row];
  const placement = { axis, value, isNew: plain === NEW, ordered, day: asOfDay };
  return settle(placement, thresholds, before);
}

function standingOf({ tier, sinceDay }: Standings, axis: Axis, customer: number): Standing | null {
  const standing = { tier: tier[axis][customer], sinceDay: sinceDay[axis][customer] };
  return standing.tier === ABSENT ? null : standing;
}

/** A second order on one day is no new purchase day, but more is spent. */
function hasOrdered(before: Standings, after: Standings, customer: number): boolean {
  return (
    after.frequency[customer] > before.frequency[customer] ||
    after.spentMinor[customer] > before.spentMinor[customer]
  );
}

/** Who came into another tier; customers who were not known before have none to come from. */
export function* tierChanges(before: Standings, after: Standings): Generator<TierChange> {
  for (let customer = 0; customer < after.frequency.length; customer++) {
    for (const axis of axes) {
      const from = before.tier[axis][customer];
      const to = after.tier[axis][customer];
      if (from === to || from === ABSENT || to === ABSENT) continue;
      yield { customer, axis, from, to, why: reasonOf(before, after, { customer, from, to }) };
    }
  }
}

function reasonOf(
  before: Standings,
  after: Standings,
  { customer, from, to }: Pick<TierChange, "customer" | "from" | "to">,
): ChangeReason {
  if (hasOrdered(before, after, customer)) return "order";
  if (after.spentMinor[customer] < before.spentMinor[customer]) return "refund";
  if (from === NEW) return "grown";
  return to < from ? "store" : "time";
}

/** Net spend so far: the mean undone again, whole minor units. */
export function spentMinor(summary: Summary, row: number): number {
  return Math.round(summary.meanSpend[row] * (summary.frequency[row] + 1));
}
