import { tiers, type Scores, type Summary } from "#engine";

import { isoDay } from "./days.ts";
import { spentMinor } from "./totals.ts";

/** The scores of one run, as they go into the database. */
export type ScoredStore = {
  shop: string;
  runId: string;
  asOfDay: number;
  reconstructed: boolean;
  summary: Summary;
  scores: Scores;
  /** Customer id of each dense index. */
  customerIds: readonly string[];
};

export const scoreColumns = [
  "shop",
  "customer_id",
  "run_id",
  "frequency",
  "recency_days",
  "age_days",
  "mean_spend_minor",
  "spent_minor",
  "buy_probability",
  "expected_orders",
  "expected_spend_minor",
  "next_order_from",
  "next_order_to",
  "clv_tier",
  "buy_tier",
] as const;

export const historyColumns = [
  "shop",
  "as_of",
  "customer_id",
  "frequency",
  "recency_days",
  "age_days",
  "mean_spend_minor",
  "buy_probability",
  "expected_spend_minor",
  "clv_tier",
  "buy_tier",
  "reconstructed",
] as const;

/** How COPY's text format writes NULL. */
const NULL = "\\N";
/** Rows in one piece of text: few pieces, and each of them small. */
const PIECE = 2_000;

/** Lines of COPY's text format for `scores`. Nothing in them needs escaping. */
export function scoreLines(store: ScoredStore): Generator<string> {
  const { shop, runId, summary, scores, customerIds } = store;
  return pieces(summary.customers, (row) => [
    shop,
    customerIds[summary.index[row]],
    runId,
    summary.frequency[row],
    summary.recencyDays[row],
    summary.ageDays[row],
    summary.meanSpend[row],
    spentMinor(summary, row),
    scores.buyProbability[row],
    scores.expectedOrders[row],
    scores.expectedSpend[row],
    dayOrNull(scores.nextOrderFromDay[row]),
    dayOrNull(scores.nextOrderToDay[row]),
    tiers[scores.clvTier[row]],
    tiers[scores.buyTier[row]],
  ]);
}

/** Lines of COPY's text format for `score_history`. */
export function historyLines(store: ScoredStore): Generator<string> {
  const { shop, summary, scores, customerIds } = store;
  const asOf = isoDay(store.asOfDay);
  return pieces(summary.customers, (row) => [
    shop,
    asOf,
    customerIds[summary.index[row]],
    summary.frequency[row],
    summary.recencyDays[row],
    summary.ageDays[row],
    summary.meanSpend[row],
    scores.buyProbability[row],
    scores.expectedSpend[row],
    tiers[scores.clvTier[row]],
    tiers[scores.buyTier[row]],
    store.reconstructed,
  ]);
}

function* pieces(
  rows: number,
  valuesOf: (row: number) => (string | number | boolean)[],
): Generator<string> {
  let piece = "";
  for (let row = 0; row < rows; row++) {
    piece += `${valuesOf(row).join("\t")}\n`;
    if ((row + 1) % PIECE === 0) {
      yield piece;
      piece = "";
    }
  }
  if (piece !== "") yield piece;
}

function dayOrNull(day: number): string {
  return day < 0 ? NULL : isoDay(day);
}
