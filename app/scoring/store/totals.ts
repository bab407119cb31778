import type { CurrentTiers } from "#app/scoring/evaluation/current-tiers.ts";
import { spentMinor } from "#app/scoring/evaluation/current-tiers.ts";
import {
  axes,
  type Axis,
  type Scores,
  type Summary,
  type Tier,
  tiers,
  type TotalRange,
} from "#engine";

/** Customers and amounts of one tier: a row of a card on the home screen. */
export type TierRow = {
  tier: Tier;
  customers: number;
  /** Expected net spend of these customers within the horizon, minor units, summed. */
  expectedSpendMinor: number;
  /** Spent so far by these customers, net, minor units, summed. */
  spentMinor: number;
  /** Mean predicted probability of at least one order within the horizon; null with no customers. */
  meanProbability: number | null;
};

/** Customers and amounts of one tier on each axis: a cell of the grid on the home screen. */
export type GridCell = Omit<TierRow, "tier"> & { clv: Tier; buy: Tier };

/** Customers and amounts by tier on both axes. */
export type TierRows = { customers: number; axes: Record<Axis, TierRow[]> };

/** A run's totals. */
export type Totals = TierRows & {
  /** The error range of the expected total; null when it was not computed. */
  range: TotalRange | null;
};

/**
 * A sum over customers in whole numbers, so that subtracting a customer is exact. Exact up to 2^53:
 * a million customers of 900,000.00 each.
 */
export type Sum = {
  customers: number;
  /** Hundredths of a minor unit. */
  expectedSpend: number;
  /** Minor units. */
  spent: number;
  /** Billionths. */
  probability: number;
};

/** By index into `tiers`; the grid in the order of `cells`. */
export type TierSums = Record<Axis, Sum[]> & { grid: Sum[] };

/** The name of a cell, in tables and in addresses: `high-low`. */
export function cellName({ clv, buy }: { clv: Tier; buy: Tier }): string {
  return `${clv}-${buy}`;
}

/** All pairs of tiers, by value first. */
export const cells = tiers.flatMap((clv) => tiers.map((buy) => ({ clv, buy })));

export function emptySums(): TierSums {
  const none = () => ({ customers: 0, expectedSpend: 0, spent: 0, probability: 0 });
  return { clv: tiers.map(none), buy: tiers.map(none), grid: cells.map(none) };
}

/** A customer's share of the totals. Amounts are minor units. */
export type Counted = {
  /** Indices into `tiers`. */
  tier: Record<Axis, number>;
  expectedSpend: number;
  spent: number;
  probability: number;
};

/** @param times −1 to subtract the customer */
export function addTo(sums: TierSums, counted: Counted, times: 1 | -1 = 1): void {
  const { clv, buy } = counted.tier;
  add(sums.clv[clv], counted, times);
  add(sums.buy[buy], counted, times);
  add(sums.grid[clv * tiers.length + buy], counted, times);
}

function add(sum: Sum, counted: Counted, times: 1 | -1): void {
  sum.customers += times;
  sum.expectedSpend += times * Math.round(counted.expectedSpend * 100);
  sum.spent += times * counted.spent;
  sum.probability += times * Math.round(counted.probability * 1e9);
}

/** Amounts of the summary and the scores are minor units. */
export type Totalled = { summary: Summary; scores: Scores; currentTiers: CurrentTiers };

export function sumsOf({ summary, scores, currentTiers }: Totalled): TierSums {
  const sums = emptySums();
  const counted: Counted = { tier: { clv: 0, buy: 0 }, expectedSpend: 0, spent: 0, probability: 0 };
  for (let row = 0; row < summary.customers; row++) {
    for (const axis of axes) counted.tier[axis] = currentTiers.tier[axis][summary.index[row]];
    counted.expectedSpend = scores.expectedSpend[row];
    counted.spent = spentMinor(summary, row);
    counted.probability = scores.buyProbability[row];
    addTo(sums, counted);
  }
  return sums;
}

/** Stored figures, one value for each row, to be summed. Amounts are minor units. */
export type SummedRows = {
  customers: number;
  expectedSpend: ArrayLike<number>;
  spentMinor: ArrayLike<number>;
  buyProbability: ArrayLike<number>;
};

/** @param tier indices into `tiers`, one value for each row */
export function sumsOfRows(rows: SummedRows, tier: Record<Axis, ArrayLike<number>>): TierSums {
  const sums = emptySums();
  const counted: Counted = { tier: { clv: 0, buy: 0 }, expectedSpend: 0, spent: 0, probability: 0 };
  for (let row = 0; row < rows.customers; row++) {
    for (const axis of axes) counted.tier[axis] = tier[axis][row];
    counted.expectedSpend = rows.expectedSpend[row];
    counted.spent = rows.spentMinor[row];
    counted.probability = rows.buyProbability[row];
    addTo(sums, counted);
  }
  return sums;
}

export function rowsOf(sums: TierSums): TierRows {
  const of = (axis: Axis) => tiers.map((tier, index) => ({ tier, ...shownOf(sums[axis][index]) }));
  const customers = sums.clv.reduce((count, sum) => count + sum.customers, 0);
  return { customers, axes: { clv: of("clv"), buy: of("buy") } };
}

/** Null when the cells do not cover all customers: scores of an earlier version have no cells. */
export function gridOf({ clv, grid }: TierSums): GridCell[] | null {
  const count = (sums: Sum[]) => sums.reduce((all, { customers }) => all + customers, 0);
  if (count(grid) !== count(clv)) return null;
  return cells.map((cell, index) => ({ ...cell, ...shownOf(grid[index]) }));
}

function shownOf({ customers, expectedSpend, spent, probability }: Sum): Omit<TierRow, "tier"> {
  return {
    customers,
    expectedSpendMinor: Math.round(expectedSpend / 100),
    spentMinor: spent,
    meanProbability: customers === 0 ? null : probability / 1e9 / customers,
  };
}
