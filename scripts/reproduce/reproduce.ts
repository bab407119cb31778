import { isDeepStrictEqual } from "node:util";

import {
  ENGINE_VERSION,
  refitStore,
  scoreStore,
  spendIntervals,
  type StoreFit,
  type Summary,
  tiers,
} from "#engine";

/** The result of reproducing a run from its stored data. */
export type Reproduction =
  | { kind: "same"; customers: number }
  /** `differences` names the fields that differ, and for how many customers. */
  | { kind: "different"; differences: string[] }
  /** A customer of the run was erased on request: it cannot be reproduced. */
  | { kind: "redacted"; on: string }
  /** Rows of the run were purged since: it cannot be reproduced. */
  | { kind: "incomplete"; kept: number; customers: number }
  /** Another version of the engine made the run: this one may give different results. */
  | { kind: "other-engine"; made: string; here: string }
  | { kind: "refused" };

/** The stored data of each customer of a run; null for fields that only the newest run has. */
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
  /** Number of customers of the run. */
  customers: number;
  summary: Summary;
  scores: KeptScore[];
};

/** Fits and scores again, and compares bit for bit. */
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
