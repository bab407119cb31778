import { z } from "zod";

import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { changeReasons } from "#app/scoring/evaluation/current-tiers.ts";
import type { TierMove } from "#app/scoring/views/customer.ts";
import { axes, tiers } from "#engine";

/** A customer's request for what is held about them. */
export type RequestView = {
  id: string;
  customerId: string;
  /** Calendar days of the shop, ISO dates. */
  requestedOn: string;
  /** The merchant's deadline for handing it over. */
  dueOn: string;
  handedOverOn: string | null;
};

/** Number of reports not handed over, and the earliest deadline. */
export type WaitingRequests = { count: number; dueOn: string };

/** A report in readable form; `file` has every row and column. */
export type ReportView = RequestView & {
  currency: string;
  held: HeldView;
  /** JSON. */
  file: string;
};

export type HeldView = {
  orders: { id: string; day: string; amountMinor: number; counts: boolean }[];
  score: {
    clvTier: (typeof tiers)[number];
    buyTier: (typeof tiers)[number];
    buyProbability: number;
    expectedSpendMinor: number;
    spentMinor: number;
  } | null;
  moves: TierMove[];
  /** Tags, and metafields as `key: value`. */
  written: string[];
  /** Scores of earlier days. */
  earlierScores: number;
  excluded: boolean;
};

const tier = z.enum(tiers);

// The stored columns that are shown.
const heldRows = z.object({
  orders: z.array(
    z.object({
      order_id: z.string(),
      day: z.string(),
      amount_minor: z.number(),
      left_out: z.string().nullable(),
      // Missing in reports of earlier versions.
      counted: z.boolean().optional(),
    }),
  ),
  scores: z.array(
    z.object({
      clv_tier: tier,
      buy_tier: tier,
      buy_probability: z.number(),
      expected_spend_minor: z.number(),
      spent_minor: z.number(),
    }),
  ),
  score_history: z.array(z.unknown()),
  score_updates: z.array(z.unknown()),
  tier_changes: z.array(
    z.object({
      axis: z.enum(axes),
      from_tier: tier,
      to_tier: tier,
      why: z.enum(changeReasons),
      as_of: z.string(),
      reconstructed: z.boolean(),
    }),
  ),
  written_states: z.array(z.looseObject({ tags: z.array(z.string()) })),
  excluded_customers: z.array(z.unknown()),
});

const metafieldColumns = [
  "clv_tier",
  "buy_tier",
  "expected_spend",
  "buy_probability",
  "next_order_from",
  "next_order_to",
  "scored_at",
];

/** @throws ZodError when `held` was not made by `makeReport` */
export function heldView(held: unknown): HeldView {
  const rows = heldRows.parse(held);
  const [score] = rows.scores;
  return {
    orders: rows.orders
      .map(({ order_id, day, amount_minor, left_out, counted = left_out === null }) => {
        return { id: order_id, day, amountMinor: amount_minor, counts: counted };
      })
      .sort((a, b) => b.day.localeCompare(a.day)),
    score:
      score === undefined
        ? null
        : {
            clvTier: score.clv_tier,
            buyTier: score.buy_tier,
            buyProbability: score.buy_probability,
            expectedSpendMinor: score.expected_spend_minor,
            spentMinor: score.spent_minor,
          },
    moves: rows.tier_changes
      .map(({ axis, from_tier, to_tier, why, as_of, reconstructed }) => {
        return {
          axis,
          from: from_tier,
          to: to_tier,
          why,
          on: isoDay(dayNumber(as_of) - 1),
          reconstructed,
        };
      })
      .sort((a, b) => b.on.localeCompare(a.on)),
    written: rows.written_states.flatMap(({ tags, ...row }) => [
      ...tags,
      ...metafieldColumns.flatMap((key) =>
        typeof row[key] === "string" ? [`${key}: ${row[key]}`] : [],
      ),
    ]),
    earlierScores: rows.score_history.length + rows.score_updates.length,
    excluded: rows.excluded_customers.length > 0,
  };
}

/** Whether nothing is held. */
export function isEmpty({
  orders,
  score,
  moves,
  written,
  earlierScores,
  excluded,
}: HeldView): boolean {
  const lists = [orders, moves, written];
  return (
    score === null && earlierScores === 0 && !excluded && lists.every((list) => list.length === 0)
  );
}
