import { fitStore, type StoreFit } from "./fit.ts";
import {
  type BaselineName,
  baselineNames,
  baselineScores,
  spendBaselines,
} from "./gate/baselines.ts";
import type { RuleCheck } from "./gate/gate.ts";
import { compressHistories } from "./histories/histories.ts";
import { type Outcomes, outcomesOf } from "./histories/outcomes.ts";
import { type Purchases, summarize, type Summary } from "./histories/summary.ts";
import { traced } from "./histories/traces.ts";
import {
  auc,
  baseLogLoss,
  type LikelihoodMetrics,
  likelihoodMetrics,
} from "./maths/likelihood-metrics.ts";
import { bias, gini, spearman, topFifthShare } from "./maths/metrics.ts";
import { type Candidate, candidates, fitCandidate } from "./models/candidates.ts";
import { expectations } from "./predict.ts";

/** How well a value score ranked customers by their later spend. */
export type ValueMetrics = {
  gini: number | null;
  /** Share of spend that came from the fifth of customers with the highest scores. */
  topFifthShare: number | null;
  spearman: number | null;
};

/** A model, or the weighted average, on a window after the data it was fitted to. */
export type ModelResult = LikelihoodMetrics & {
  model: Candidate | "selected";
  /** (expected − actual)/actual of all orders, and of all spend, in the window. */
  ordersBias: number | null;
  spendBias: number | null;
  value: ValueMetrics;
};

/** A baseline rule on the same window: it ranks, but gives no probability. */
export type BaselineResult = {
  baseline: BaselineName;
  /** Whether it uses amounts, as the likelihood models never do. */
  usesSpend: boolean;
  auc: number | null;
  value: ValueMetrics;
};

export type Backtest = {
  cutoffDay: number;
  horizonDays: number;
  customers: number;
  buyers: number;
  /** Share of customers who bought, and the log loss of predicting that share for everybody. */
  baseRate: number;
  baseLogLoss: number;
  models: ModelResult[];
  baselines: BaselineResult[];
  /** The gate's rules at the cut-off. */
  rules: RuleCheck[];
  fit: StoreFit;
};

/**
 * Out-of-time test: everything is fitted and selected on purchases before `cutoffDay`, and
 * evaluated on what the customers known by then did within the horizon. Null when no customer was
 * known.
 */
export function backtest(
  purchases: Purchases,
  { cutoffDay, horizonDays }: { cutoffDay: number; horizonDays: number },
): Backtest | null {
  const plain = summarize(purchases, cutoffDay);
  const summary = traced(purchases, plain, { asOfDay: cutoffDay, horizonDays });
  if (summary.customers === 0) return null;
  const outcomes = outcomesOf(purchases, summary, [cutoffDay, cutoffDay + horizonDays]);
  const result = fitStore(summary, purchases, {
    asOfDay: cutoffDay,
    fullHistory: true,
    horizonDays,
    evenIfRefused: true,
    rehearse: true,
  });
  if (result.kind === "refused") return null;
  const { fit, rules } = result;
  const histories = compressHistories(summary);
  const withoutLearning = {
    blend: { pastWeight: 0, scale: 1 },
    season: null,
    recalibration: null,
    ordersScale: 1,
    amountScale: 1,
    spendLevel: null,
  };
  const singles = candidates.map((model) => {
    const likelihood = fitCandidate(model, histories);
    return judge(
      model,
      {
        ...fit,
        likelihood,
        others: [],
        weights: [1],
        ...withoutLearning,
      },
      { summary, outcomes },
    );
  });
  return {
    cutoffDay,
    horizonDays,
    customers: outcomes.customers,
    buyers: outcomes.buyers,
    baseRate: outcomes.buyers / outcomes.customers,
    baseLogLoss: baseLogLoss(rowPerCustomer(outcomes)),
    models: [judge("selected", fit, { summary, outcomes }), ...singles],
    baselines: baselineNames.map((baseline) => judgeBaseline(baseline, summary, outcomes)),
    rules,
    fit,
  };
}

function judge(
  model: Candidate | "selected",
  fit: StoreFit,
  { summary, outcomes }: { summary: Summary; outcomes: Outcomes },
): ModelResult {
  const { buyProbability, expectedOrders, expectedSpend } = expectations(summary, fit);
  return {
    model,
    ...likelihoodMetrics(buyProbability, rowPerCustomer(outcomes)),
    ordersBias: bias(expectedOrders, outcomes.orders),
    spendBias: bias(expectedSpend, outcomes.spend),
    value: valueMetrics(expectedSpend, outcomes),
  };
}

function judgeBaseline(
  baseline: BaselineName,
  summary: Summary,
  outcomes: Outcomes,
): BaselineResult {
  const scores = baselineScores(baseline, summary);
  return {
    baseline,
    usesSpend: spendBaselines.includes(baseline),
    auc: auc(scores, rowPerCustomer(outcomes)),
    value: valueMetrics(scores, outcomes),
  };
}

function valueMetrics(scores: Float64Array, { spend }: Outcomes): ValueMetrics {
  return {
    gini: gini(scores, spend),
    topFifthShare: topFifthShare(scores, spend),
    spearman: spearman(scores, spend),
  };
}

/** One row per customer. */
function rowPerCustomer({ bought, customers }: Outcomes) {
  return { weight: new Uint8Array(customers).fill(1), buyers: bought };
}
