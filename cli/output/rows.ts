import { type Scores, type SpendIntervals, type Summary, tiers } from "#engine";

/** Everything known about the customers who bought before the as-of day. */
export type ScoredCustomers = {
  /** The id of each customer index. */
  ids: string[];
  summary: Summary;
  scores: Scores;
  spend: SpendIntervals;
};

/** One column of the output: a value for each scored customer; null where there is none. */
export type Column =
  | { name: string; kind: "text"; at: (row: number) => string }
  | { name: string; kind: "whole" | "number"; at: (row: number) => number }
  | { name: string; kind: "day"; at: (row: number) => number | null };

/** The columns of every format, in their order. */
export function columnsOf({ ids, summary, scores, spend }: ScoredCustomers): Column[] {
  const whole = (name: string, values: Int32Array): Column => ({
    name,
    kind: "whole",
    at: (row) => values[row],
  });
  const number = (name: string, values: Float64Array): Column => ({
    name,
    kind: "number",
    at: (row) => values[row],
  });
  const day = (name: string, values: Int32Array): Column => ({
    name,
    kind: "day",
    at: (row) => (values[row] === -1 ? null : values[row]),
  });
  const tier = (name: string, values: Uint8Array): Column => ({
    name,
    kind: "text",
    at: (row) => tiers[values[row]],
  });
  return [
    { name: "customer_id", kind: "text", at: (row) => ids[summary.index[row]] },
    whole("frequency", summary.frequency),
    whole("recency_days", summary.recencyDays),
    whole("age_days", summary.ageDays),
    number("mean_spend", summary.meanSpend),
    number("buy_probability", scores.buyProbability),
    number("expected_orders", scores.expectedOrders),
    number("expected_spend", scores.expectedSpend),
    number("expected_spend_low", spend.low),
    number("expected_spend_high", spend.high),
    number("spend_low_if_any", spend.lowIfAny),
    number("spend_high_if_any", spend.highIfAny),
    day("next_order_from", scores.nextOrderFromDay),
    day("next_order_to", scores.nextOrderToDay),
    tier("clv_tier", scores.clvTier),
    tier("buy_tier", scores.buyTier),
  ];
}
