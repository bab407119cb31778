import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import type { DesiredOptions } from "#app/writeback/plan/desired-state.ts";
import { FINAL } from "#app/writeback/plan/failure-codes.ts";
import { type MetafieldKey, metafieldKeys } from "#app/writeback/plan/metafields.ts";
import { LEAST_MOVE, VALUE_MOVE } from "#app/writeback/plan/plan-writes.ts";
import type { WritePlanCounts } from "#app/writeback/plan/writing-view.ts";

import { doubtful } from "./diff-statements.ts";

/**
 * What a write would do now, counted in SQL without loading customers. It repeats the rules of
 * plan-writes.ts; a test compares the two.
 */
export async function countPlan(
  shop: ShopDomain,
  options: DesiredOptions,
  of: "everybody" | "pending" = "everybody",
): Promise<WritePlanCounts> {
  const { rows } = await pool.query<WritePlanCounts>(statement(options, of), [shop, options.today]);
  const [counts] = rows;
  if (!counts) throw new Error("A sum over no rows is still one row");
  return counts;
}

/** SQL of the desired value of each key, as text. */
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

function statement(options: DesiredOptions, of: "everybody" | "pending"): string {
  const among =
    of === "pending"
      ? "and customer_id in (select customer_id from pending_writes where shop = $1)"
      : "";
  const keys = metafieldKeys.filter((key) => !options.blocked.includes(key));
  const usable = (key: MetafieldKey, sql: string) => (keys.includes(key) ? sql : "null");
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
      `(${due[k]} and want_${k} is not null and (fresh or want_${k} is distinct from ${k}))::int`,
  );
  const deletes = keys.map(
    (k) => `(${k} is not null and (not scored or ${due[k]} and want_${k} is null))::int`,
  );
  return `
  with both_sides as (
    select coalesce(s.customer_id, w.customer_id) as customer_id, s.customer_id is not null as scored,
           coalesce(w.tags, '{}') as tags, coalesce(${doubtful}, '{}') as doubtful,
           'clv:' || s.clv_tier as clv_tag, 'buy:' || s.buy_tier as buy_tag,
           w.spent_minor, s.spent_minor as want_spent, coalesce(s.as_of - 1, $2::date) as today,
           ${metafieldKeys.map((k) => `${usable(k, `w.${k}`)}::text as ${k}`).join(", ")},
           ${metafieldKeys.map((k) => `${usable(k, wanted[k](options))} as want_${k}`).join(", ")}
      from (select * from scores where shop = $1 ${among}) s
      full join (select * from written_states where shop = $1 ${among}) w using (shop, customer_id)
     where w.failure_code is distinct from '${FINAL}'
       and exists (select 1 from scores where shop = $1)
  ), compared as (
    select *, scored and spent_minor is null as fresh,
           scored and (spent_minor is distinct from want_spent
             or clv_tier is distinct from want_clv_tier or buy_tier is distinct from want_buy_tier
             or want_expected_spend is not null and coalesce(
                  abs(want_expected_spend::numeric - expected_spend::numeric)
                    > greatest(${VALUE_MOVE} * abs(expected_spend::numeric), ${LEAST_MOVE}),
                  true)) as figures,
           today - scored_at::date as age
      from both_sides
  ), due as (
    select *, figures or scored and (age is null or age <> 0 and (age >= 7
             or (today - '1970-01-01'::date) % 7 = customer_id::numeric % 7)) as renewed
      from compared
  ), counted as (
    select (scored and (clv_tag <> all(tags) or clv_tag = any(doubtful)))::int
             + (scored and (buy_tag <> all(tags) or buy_tag = any(doubtful)))::int as adds,
           cardinality(tags) - (scored and clv_tag = any(tags))::int
             - (scored and buy_tag = any(tags))::int as removes,
           ${sets.join(" + ") || "0"} as sets, ${deletes.join(" + ") || "0"} as deletes
      from due
  )
  select count(*) filter (where adds + removes + sets + deletes > 0)::int as customers,
         coalesce(sum(adds), 0)::int as "tagsToAdd", coalesce(sum(removes), 0)::int as "tagsToRemove",
         coalesce(sum(sets), 0)::int as "metafieldsToSet",
         coalesce(sum(deletes), 0)::int as "metafieldsToDelete"
    from counted`;
}
