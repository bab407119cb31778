import type { Tier } from "#engine";

import type { MetafieldKey, MetafieldValues } from "./metafields.ts";
import { tierTag } from "./tags.ts";

/** A customer's current score, as in the `scores` table. */
export type ScoredCustomer = {
  clvTier: Tier;
  buyTier: Tier;
  expectedSpendMinor: number;
  /** 0 to 1. */
  buyProbability: number;
  /** ISO dates; null when no next order is expected. */
  nextOrderFrom: string | null;
  nextOrderTo: string | null;
  /** Net spend so far, minor units, as text since it may exceed 2^53. */
  spentMinor: string;
  /** ISO date of this score when it differs from the shop's last scoring. */
  scoredOn: string | null;
};

/** The tags and metafields that a customer is to have. */
export type DesiredState = {
  tags: readonly string[];
  values: MetafieldValues;
  spentMinor: string;
};

export type DesiredOptions = {
  /** Decimal places of the shop's currency. */
  currencyDigits: number;
  /** The day of the scores in the shop's time zone, ISO date. */
  today: string;
  /** Keys that the merchant's own definitions use with another type: never written. */
  blocked: readonly MetafieldKey[];
};

export function desiredStateOf(score: ScoredCustomer, options: DesiredOptions): DesiredState {
  const { currencyDigits, today, blocked } = options;
  const spend = score.expectedSpendMinor / 10 ** currencyDigits;
  const values: MetafieldValues = {
    clv_tier: score.clvTier,
    buy_tier: score.buyTier,
    expected_spend: spend.toFixed(currencyDigits),
    buy_probability: score.buyProbability.toFixed(4),
    ...(score.nextOrderFrom && { next_order_from: score.nextOrderFrom }),
    ...(score.nextOrderTo && { next_order_to: score.nextOrderTo }),
    scored_at: score.scoredOn ?? today,
  };
  return {
    tags: [tierTag("clv", score.clvTier), tierTag("buy", score.buyTier)],
    values: without(values, blocked),
    spentMinor: score.spentMinor,
  };
}

/** The values without the blocked keys. */
export function without(
  values: MetafieldValues,
  blocked: readonly MetafieldKey[],
): MetafieldValues {
  const left = { ...values };
  for (const key of blocked) Reflect.deleteProperty(left, key);
  return left;
}
