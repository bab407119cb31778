import {
  type BaselineName,
  baselineNames,
  baselineScores,
  spendBaselines,
} from "./gate/baselines.ts";
import { type Outcomes, outcomesOf, pickOutcomes } from "./histories/outcomes.ts";
import type { Purchases, Summary } from "./histories/summary.ts";
import {
  auc,
  baseLogLoss,
  type CalibrationBin,
  calibrationBins,
  type LikelihoodMetrics,
  likelihoodMetrics,
} from "./maths/likelihood-metrics.ts";
import { gini } from "./maths/metrics.ts";
import { sortedSum } from "./maths/sorted-sum.ts";
import { axes, type Axis, type Tier, tiers } from "./tiers.ts";

/** Scores as they were shown on one day: one value for each row of the summary. */
export type ShownScores = {
  /** What was known of each customer on that day. */
  summary: Summary;
  buyProbability: Float64Array;
  /** In the unit of the amounts. */
  expectedSpend: Float64Array;
  /** Index into `tiers`. */
  tier: Record<Axis, Uint8Array>;
  /** Other groupings of the same customers, by name: a group's number, −1 for none. */
  groupings?: Record<string, Int16Array>;
};

/** What the customers of one tier were expected to do within the horizon, and did. */
export type TierOutcome = {
  tier: Tier;
  customers: number;
  /** Sum of their probabilities. */
  expectedBuyers: number;
  buyers: number;
  expectedSpend: number;
  spend: number;
};

/** How a baseline rule ranked the same customers: by who bought, and by what they spent. */
export type BaselineOutcome = {
  baseline: BaselineName;
  usesSpend: boolean;
  auc: number | null;
  gini: number | null;
};

/** What the customers of one group of another grouping did. */
export type GroupOutcome = { group: number; customers: number; buyers: number; spend: number };

/**
 * How another grouping ranked its customers, in the best order its groups could have had: by the
 * share who bought, and by spend for each customer, both known only afterwards. Beside it the scores'
 * own ranking of the same customers.
 */
export type GroupingOutcome = {
  groups: GroupOutcome[];
  auc: number | null;
  gini: number | null;
  scores: { auc: number | null; gini: number | null };
};

/** Scores compared with what the customers did within the horizon. */
export type Judgement = LikelihoodMetrics & {
  customers: number;
  /** Customers with a purchase day in the window; their purchase days; their net spend. */
  buyers: number;
  orders: number;
  spend: number;
  expectedBuyers: number;
  expectedSpend: number;
  /** Log loss of predicting the share who bought for everybody. */
  baseLogLoss: number;
  calibration: CalibrationBin[];
  /** Normalised Gini of spend in the order of expected spend. */
  gini: number | null;
  tiers: Record<Axis, TierOutcome[]>;
  baselines: BaselineOutcome[];
  /** Missing in judgements of earlier versions. */
  groupings?: Record<string, GroupingOutcome>;
};

/**
 * Judges scores by purchases of the days from `asOfDay` on, as many as the horizon has. Customers
 * who have no purchase in `purchases` any more must not be among the scores.
 */
export function judgeScores(
  purchases: Purchases,
  scores: ShownScores,
  { asOfDay, horizonDays }: { asOfDay: number; horizonDays: number },
): Judgement {
  const { summary, buyProbability, expectedSpend } = scores;
  const outcomes = outcomesOf(purchases, summary, [asOfDay, asOfDay + horizonDays]);
  const { bought, spend, customers, buyers } = outcomes;
  const rows = { weight: new Uint8Array(customers).fill(1), buyers: bought };
  const outcomesByTier = (axis: Axis) =>
    tiers.map((tier, index) => {
      const outcome = {
        tier,
        customers: 0,
        expectedBuyers: 0,
        buyers: 0,
        expectedSpend: 0,
        spend: 0,
      };
      for (let row = 0; row < customers; row++) {
        if (scores.tier[axis][row] !== index) continue;
        outcome.customers++;
        outcome.expectedBuyers += buyProbability[row];
        outcome.buyers += bought[row];
        outcome.expectedSpend += expectedSpend[row];
        outcome.spend += spend[row];
      }
      return outcome;
    });
  const [clv, buy] = axes.map(outcomesByTier);
  return {
    customers,
    buyers,
    orders: sortedSum(outcomes.orders),
    spend: sortedSum(spend),
    expectedBuyers: sortedSum(buyProbability),
    expectedSpend: sortedSum(expectedSpend),
    baseLogLoss: baseLogLoss(rows),
    ...likelihoodMetrics(buyProbability, rows),
    calibration: calibrationBins(buyProbability, rows),
    gini: gini(expectedSpend, spend),
    tiers: { clv, buy },
    baselines: baselineNames.map((baseline) => {
      const ranking = baselineScores(baseline, summary);
      const usesSpend = spendBaselines.includes(baseline);
      return { baseline, usesSpend, auc: auc(ranking, rows), gini: gini(ranking, spend) };
    }),
    groupings: Object.fromEntries(
      Object.entries(scores.groupings ?? {}).map(([name, groups]) => [
        name,
        judgeGrouping(groups, scores, outcomes),
      ]),
    ),
  };
}

function judgeGrouping(
  group: Int16Array,
  { buyProbability, expectedSpend }: ShownScores,
  outcomes: Outcomes,
): GroupingOutcome {
  const grouped = Uint32Array.from(group.keys()).filter((row) => group[row] >= 0);
  const { bought, spend } = pickOutcomes(outcomes, grouped);
  const found = new Map<number, GroupOutcome>();
  for (const [place, row] of grouped.entries()) {
    const outcome = found.get(group[row]) ?? {
      group: group[row],
      customers: 0,
      buyers: 0,
      spend: 0,
    };
    outcome.customers++;
    outcome.buyers += bought[place];
    outcome.spend += spend[place];
    found.set(group[row], outcome);
  }
  const rows = { weight: new Uint8Array(grouped.length).fill(1), buyers: bought };
  const byGroup = (of: (outcome: GroupOutcome) => number) =>
    Float64Array.from(grouped, (row) => {
      const outcome = found.get(group[row]);
      return outcome ? of(outcome) / outcome.customers : 0;
    });
  const picked = (values: Float64Array) => Float64Array.from(grouped, (row) => values[row]);
  return {
    groups: [...found.values()].sort((left, right) => left.group - right.group),
    auc: auc(
      byGroup(({ buyers }) => buyers),
      rows,
    ),
    gini: gini(
      byGroup((outcome) => outcome.spend),
      spend,
    ),
    scores: { auc: auc(picked(buyProbability), rows), gini: gini(picked(expectedSpend), spend) },
  };
}
