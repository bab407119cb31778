import { isDeepStrictEqual } from "node:util";

import {
  ENGINE_VERSION,
  refitStore,
  scoreStore,
  spendIntervals,
  tiers,
  type StoreFit,
  type Summary,
} from "#engine";

/** What came of making a run again from what is kept of it. */
export type Reproduction =
  | { kind: "same"; customers: number }
  /** `differences` names what came out otherwise, and for how many customers. */
  | { kind: "different"; differences: string[] }
  /** A customer of the run was erased on request: it cannot be made again. */
  | { kind: "redacted"; on: string }
  /** Customers were removed since with time: the run cannot be made again. */
  | { kind: "incomplete"; kept: number; customers: number }
  /** Another version of the engine made the run: its bits are not to be expected of this one. */
  | { kind: "other-engine"; made: string; here: string }
  | { kind: "refused" };

/** What is kept of each customer of a run; null where only the newest run keeps it. */
export type KeptScore = {
  buyProbability: number;
  expectedSpend: number;
  clvTier: string;
  buyTier: string;
  expectedOrders: number | null;
  spendLow: number | null;
  spendHigh: number | null;
  /** Days; −1 for none. */
  nextOrderFrom: number | null;
  nextOrderTo: number | null;
};

export type KeptRun = {
  fit: StoreFit;
  /** How many customers the run had. */
  customers: number;
  summary: Summary;
  scores: KeptScore[];
};

/** Fits and scores again, and compares to the last bit. */
export function reproduce({ fit, customers, summary, scores }: KeptRun): Reproduction {
  if (fit.engineVersion !== ENGINE_VERSION) {
    return { kind: "other-engine", made: fit.engineVersion, here: ENGINE_VERSION };
  }
  if (summary.customers !== customers) {
    return { kind: "incomplete", kept: summary.customers, customers };
  }
  const refitted = refitStore(summary, fit);
  const fields = Object.keys(fit).filter(
    (field) => !isDeepStrictEqual(Reflect.get(fit, field), Reflect.get(refitted, field)),
  );
  const differences = [...fields, ...differingScores(scores, scoresOf(summary, refitted))];
  return differences.length === 0
    ? { kind: "same", customers }
    : { kind: "different", differences };
}

function scoresOf(summary: Summary, fit: StoreFit): KeptScore[] {
  const scores = scoreStore(summary, fit);
  const { low, high } = spendIntervals(summary, fit, scores);
  return Array.from({ length: summary.customers }, (_, row) => ({
    buyProbability: scores.buyProbability[row],
    expectedSpend: scores.expectedSpend[row],
    clvTier: tiers[scores.clvTier[row]],
    buyTier: tiers[scores.buyTier[row]],
    expectedOrders: scores.expectedOrders[row],
    spendLow: low[row],
    spendHigh: high[row],
    nextOrderFrom: scores.nextOrderFromDay[row],
    nextOrderTo: scores.nextOrderToDay[row],
  }));
}

function differingScores(kept: KeptScore[], made: KeptScore[]): string[] {
  const counts = new Map<string, number>();
  made.forEach((score, row) => {
    for (const [field, value] of Object.entries(score)) {
      const before: unknown = Reflect.get(kept[row], field);
      if (before === null || Object.is(before, value)) continue;
      counts.set(field, (counts.get(field) ?? 0) + 1);
    }
  });
  return [...counts].map(([field, count]) => `${field} of ${count} customers`);
}
