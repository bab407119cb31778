import { isoDay } from "#app/lib/calendar.ts";
import { spentMinor } from "#app/scoring/evaluation/current-tiers.ts";
import {
  ABSENT,
  type CurrentTiers,
  MOVED_DAYS,
  movedFrom,
  tierChanges,
} from "#app/scoring/evaluation/current-tiers.ts";
import type { TieredResult } from "#app/scoring/evaluation/evaluate.ts";
import { axes, tiers, type Traces } from "#engine";

import type { ShopifyGroups } from "./shopify-groups.server.ts";

/** Scores to be stored. */
export type ScoredStore = Pick<
  TieredResult,
  "asOfDay" | "summary" | "scores" | "intervals" | "shown" | "currentTiers" | "chosen"
> & {
  shop: string;
  /** The run whose fit was used. */
  runId: string;
  reconstructed: boolean;
  /** Whether these are scores of some customers, made after the run with its fit. */
  rescored: boolean;
  /** By customer index. */
  customerIds: readonly string[];
  /** What Shopify itself said of the customers; null where that was not read. */
  groups?: ShopifyGroups | null;
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
  "spend_low_minor",
  "spend_high_minor",
  "spend_low_if_any_minor",
  "spend_high_if_any_minor",
  "next_order_from",
  "next_order_to",
  "clv_tier",
  "buy_tier",
  "clv_since",
  "buy_since",
  "as_of",
  "rescored",
  "clv_from",
  "buy_from",
] as const;

const keptColumns = [
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
  "clv_since",
  "buy_since",
  "clv_plain_tier",
  "buy_plain_tier",
] as const;

/** The traces, stored so that the run can be reproduced. */
export const traceColumns = {
  days30: "days_30",
  days90: "days_90",
  days180: "days_180",
  days365: "days_365",
  yearAgo: "days_year_ago",
  lastGap: "last_gap_days",
  meanLnGap: "mean_ln_gap",
} as const satisfies Record<keyof Traces, string>;

export const historyColumns = [
  ...keptColumns,
  "reconstructed",
  ...Object.values(traceColumns),
  "shopify_rfm",
  "shopify_spend",
] as const;
export const updateColumns = [...keptColumns, "run_id"] as const;

export const changeColumns = [
  "shop",
  "run_id",
  "customer_id",
  "axis",
  "from_tier",
  "to_tier",
  "why",
  "as_of",
  "changed_at",
  "reconstructed",
] as const;

/** How COPY's text format writes NULL. */
const NULL = "\\N";
/** Rows per piece of text. */
const PIECE = 2_000;

/** Lines of COPY's text format for `scores`. Nothing in them needs escaping. */
export function scoreLines(store: ScoredStore): Generator<string> {
  const { shop, runId, summary, scores, intervals, customerIds } = store;
  const asOf = isoDay(store.asOfDay);
  return rowsInPieces(summary.customers, (row) => [
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
    intervals.low[row],
    intervals.high[row],
    intervals.lowIfAny[row],
    intervals.highIfAny[row],
    dayOrNull(scores.nextOrderFromDay[row]),
    dayOrNull(scores.nextOrderToDay[row]),
    ...shownOf(store.currentTiers, summary.index[row]),
    asOf,
    store.rescored,
    ...fromOf(store, summary.index[row]),
  ]);
}

/** The tiers before moves of the last days. */
function fromOf({ currentTiers, asOfDay }: ScoredStore, customer: number): string[] {
  return axes.map((axis) => {
    const from = movedFrom(currentTiers, axis, { customer, asOfDay, days: MOVED_DAYS });
    return from === ABSENT ? NULL : tiers[from];
  });
}

/** Lines of COPY's text format for `score_history`. */
export function historyLines(store: ScoredStore): Generator<string> {
  const kept = keptOf(store);
  const { traces } = store.summary;
  const columns = Object.keys(traceColumns) as (keyof Traces)[];
  return rowsInPieces(store.summary.customers, (row) => [
    ...kept(row),
    store.reconstructed,
    ...columns.map((column) => traces?.[column][row] ?? NULL),
    placeOrNull(store.groups?.rfm[store.summary.index[row]]),
    placeOrNull(store.groups?.spend[store.summary.index[row]]),
  ]);
}

/** Lines of COPY's text format for `score_updates`. */
export function updateLines(store: ScoredStore): Generator<string> {
  const kept = keptOf(store);
  return rowsInPieces(store.summary.customers, (row) => [...kept(row), store.runId]);
}

function keptOf(store: ScoredStore): (row: number) => Values {
  const { shop, summary, scores, customerIds } = store;
  const asOf = isoDay(store.asOfDay);
  return (row) => [
    shop,
    asOf,
    customerIds[summary.index[row]],
    summary.frequency[row],
    summary.recencyDays[row],
    summary.ageDays[row],
    summary.meanSpend[row],
    scores.buyProbability[row],
    scores.expectedSpend[row],
    ...shownOf(store.currentTiers, summary.index[row]),
    tiers[scores.clvTier[row]],
    tiers[scores.buyTier[row]],
  ];
}

/**
 * Lines of COPY's text format for `tier_changes`.
 *
 * @param by id of the run or rescoring that made the changes
 */
export function changeLines(store: ScoredStore, changedAt: Date, by: string): Generator<string> {
  const { shop, customerIds, shown, currentTiers, chosen, reconstructed } = store;
  const asOf = isoDay(store.asOfDay);
  return pieces(tierChanges(shown, currentTiers, chosen), ({ customer, axis, from, to, why }) => [
    shop,
    by,
    customerIds[customer],
    axis,
    tiers[from],
    tiers[to],
    why,
    asOf,
    changedAt.toISOString(),
    reconstructed,
  ]);
}

/** Both tiers, then the days since when, in the order of the columns. */
function shownOf({ tier, sinceDay }: CurrentTiers, customer: number): string[] {
  return [
    tiers[tier.clv[customer]],
    tiers[tier.buy[customer]],
    isoDay(sinceDay.clv[customer]),
    isoDay(sinceDay.buy[customer]),
  ];
}

type Values = (string | number | boolean)[];

function rowsInPieces(rows: number, valuesOf: (row: number) => Values): Generator<string> {
  return pieces(Array(rows).keys(), valuesOf);
}

function* pieces<Item>(items: Iterable<Item>, valuesOf: (item: Item) => Values): Generator<string> {
  let piece = "";
  let rows = 0;
  for (const item of items) {
    piece += `${valuesOf(item).join("\t")}\n`;
    rows += 1;
    if (rows % PIECE > 0) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

function placeOrNull(place = -1): string | number {
  return place < 0 ? NULL : place;
}

function dayOrNull(day: number): string {
  return day < 0 ? NULL : isoDay(day);
}
