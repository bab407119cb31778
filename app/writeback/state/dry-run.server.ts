import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { FINAL } from "#app/writeback/plan/failure-codes.ts";
import { doubtful } from "./diff-statements.ts";
import { metafieldKeys, type MetafieldKey } from "#app/writeback/plan/metafields.ts";
import type { DesiredOptions } from "#app/writeback/plan/desired-state.ts";
import type { WritePlanCounts } from "#app/writeback/plan/writing-view.ts";

/**
 * What a write would do now, counted by the database without a row leaving it.
 * It follows the rules of plan-writes.ts; a test holds the two together.
 */
export async function countPlan(
  shop: ShopDomain,
  options: DesiredOptions,
): Promise<WritePlanCounts> {
  const { rows } = await pool.query<WritePlanCounts>(statement(options), [shop, options.today]);
  const [counts] = rows;
  if (!counts) throw new Error("A sum over no rows is still one row");
  return counts;
}

/** What the score wants of each key, as text. */
const wanted: Record<MetafieldKey, (options: DesiredOptions) => string> = {
  clv_tier: () => "s.clv_tier",
  buy_tier: () => "s.buy_tier",
  expected_spend: ({ currencyDigits }) =>
    `round((s.expected_spend_minor / 10 ^ ${currencyDigits})::numeric, ${currencyDigits})::text`,
  buy_probability: () => "round(s.buy_probability::numeric, 4)::text",
  next_order_from: () => "s.next_order_from::text",
  next_order_to: () => "s.next_order_to::text",
  scored_at: () => "coalesce(s.as_of - 1, $2::date)::text",
};

function statement(options: DesiredOptions): string {
  const keys = metafieldKeys.filter((key) => !options.blocked.includes(key));
  const usable = (key: MetafieldKey, sql: string) => (keys.includes(key) ? sql : "NULL");
  const due: Record<MetafieldKey, string> = {
    clv_tier: "true",
    buy_tier: "true",
    expected_spend: "figures",
    buy_probability: "figures",
    next_order_from: "figures",
    next_order_to: "figures",
    scored_at: "renewed",
  };
  const sets = keys.map(
    (k) =>
      `(${due[k]} AND want_${k} IS NOT NULL AND (fresh OR want_${k} IS DISTINCT FROM ${k}))::int`,
  );
  const deletes = keys.map(
    (k) => `(${k} IS NOT NULL AND (NOT scored OR ${due[k]} AND want_${k} IS NULL))::int`,
  );
  return `
  WITH both_sides AS (
    SELECT coalesce(s.customer_id, w.customer_id) AS customer_id, s.customer_id IS NOT NULL AS scored,
           coalesce(w.tags, '{}') AS tags, coalesce(${doubtful}, '{}') AS doubtful,
           'clv:' || s.clv_tier AS clv_tag, 'buy:' || s.buy_tier AS buy_tag,
           w.spent_minor, s.spent_minor AS want_spent, coalesce(s.as_of - 1, $2::date) AS today,
           ${metafieldKeys.map((k) => `${usable(k, `w.${k}`)}::text AS ${k}`).join(", ")},
           ${metafieldKeys.map((k) => `${usable(k, wanted[k](options))} AS want_${k}`).join(", ")}
      FROM (SELECT * FROM scores WHERE shop = $1) s
      FULL JOIN (SELECT * FROM written_states WHERE shop = $1) w USING (shop, customer_id)
     WHERE w.failure_code IS DISTINCT FROM '${FINAL}'
       AND EXISTS (SELECT 1 FROM scores WHERE shop = $1)
  ), compared AS (
    SELECT *, scored AND spent_minor IS NULL AS fresh,
           scored AND (spent_minor IS DISTINCT FROM want_spent
             OR clv_tier IS DISTINCT FROM want_clv_tier OR buy_tier IS DISTINCT FROM want_buy_tier
             OR want_expected_spend IS NOT NULL AND coalesce(
                  abs(want_expected_spend::numeric - expected_spend::numeric)
                    > 0.1 * abs(expected_spend::numeric), true)) AS figures,
           today - scored_at::date AS age
      FROM both_sides
  ), due AS (
    SELECT *, figures OR scored AND (age IS NULL OR age <> 0 AND (age >= 7
             OR (today - '1970-01-01'::date) % 7 = customer_id::numeric % 7)) AS renewed
      FROM compared
  ), counted AS (
    SELECT (scored AND (clv_tag <> ALL(tags) OR clv_tag = ANY(doubtful)))::int
             + (scored AND (buy_tag <> ALL(tags) OR buy_tag = ANY(doubtful)))::int AS adds,
           cardinality(tags) - (scored AND clv_tag = ANY(tags))::int
             - (scored AND buy_tag = ANY(tags))::int AS removes,
           ${sets.join(" + ") || "0"} AS sets, ${deletes.join(" + ") || "0"} AS deletes
      FROM due
  )
  SELECT count(*) FILTER (WHERE adds + removes + sets + deletes > 0)::int AS customers,
         coalesce(sum(adds), 0)::int AS "tagsToAdd", coalesce(sum(removes), 0)::int AS "tagsToRemove",
         coalesce(sum(sets), 0)::int AS "metafieldsToSet",
         coalesce(sum(deletes), 0)::int AS "metafieldsToDelete"
    FROM counted`;
}
