import { FINAL } from "#app/writeback/plan/failure-codes.ts";
import { LEAST_MOVE, RENEWAL_DAYS, VALUE_MOVE } from "#app/writeback/plan/plan-writes.ts";

// The diff: scores and written states of customers, joined by the database, a page at a time in the
// order of customer ids. Parameters: $1 shop, $2 the last customer of the previous page (for
// namedPage the ids), $3 page size, $4 and $5 the least and most failed attempts of the current
// push. Each row has the last customer of the page; where no customer qualifies, there is one row
// without a customer. A full page may end before that customer.

/** The doubtful tags of `w`: all of them in a row that an older version marked as `unsure`. */
export const doubtful = "case when w.unsure then w.tags else w.doubtful end";

const writtenColumns = `w.tags, w.clv_tier, w.buy_tier, w.expected_spend, w.buy_probability,
  w.next_order_from, w.next_order_to, w.scored_at, w.spent_minor as known_spent,
  ${doubtful} as doubtful`;

const SCORE_COLUMNS = `s.clv_tier as score_clv, s.buy_tier as score_buy,
  s.expected_spend_minor, s.buy_probability as score_probability,
  s.next_order_from::text as score_from, s.next_order_to::text as score_to,
  s.spent_minor as score_spent, (s.as_of - 1)::text as score_on`;

const open = `coalesce(w.attempts, 0) between $4 and $5
  and w.failure_code is distinct from '${FINAL}'`;

const AFTER = "shop = $1 and customer_id > $2";

/**
 * Selects the page first and joins the rest to it. Joining the whole tables for each page would
 * read a million rows two hundred times.
 */
function pageOf(page: string, compared: string): string {
  return `
  with page as materialized (${page} order by customer_id limit $3),
       seen as (select min(customer_id) as first, max(customer_id) as last from page)
  select seen.last, c.*
    from seen left join (${compared} order by 1 limit $3) c on true order by c.customer_id`;
}

const TODAY = "coalesce(s.as_of - 1, $6::date)";

/**
 * Whether the value may have moved enough for a write. Both in minor units; $7 is the currency's
 * number of decimals.
 */
const mayHaveMoved = `coalesce(
  greatest(abs(round(s.expected_spend_minor - 1e-4) - w.expected_spend::float8 * 10 ^ $7),
           abs(round(s.expected_spend_minor + 1e-4) - w.expected_spend::float8 * 10 ^ $7))
    > greatest(${VALUE_MOVE} * abs(w.expected_spend::float8), ${LEAST_MOVE}) * 10 ^ $7 - 1e-4,
  true)`;

/** ISO dates compare as text; a value that is no date is renewed. */
const mayBeRenewed = `(w.scored_at = ${TODAY}::text) is not true
  and ((${TODAY} - '1970-01-01'::date) % ${RENEWAL_DAYS} = s.customer_id::numeric % ${RENEWAL_DAYS}
       or (w.scored_at between (${TODAY} - ${RENEWAL_DAYS - 1})::text and ${TODAY}::text) is not true)`;

/**
 * Whether a plan may have something to write: the rules of plan-writes.ts, slightly wider where
 * those round. Most customers have nothing to write after a night, and so are not loaded.
 */
const mayDiffer = `((${doubtful}) is distinct from '{}'
  or w.spent_minor is distinct from s.spent_minor
  or w.clv_tier is distinct from s.clv_tier or w.buy_tier is distinct from s.buy_tier
  or cardinality(w.tags) <> 2
  or 'clv:' || s.clv_tier <> all (w.tags) or 'buy:' || s.buy_tier <> all (w.tags)
  or ${mayHaveMoved} or ${mayBeRenewed})`;

const IS_WRITTEN = `(w.tags <> '{}' or coalesce(w.clv_tier, w.buy_tier, w.expected_spend,
  w.buy_probability, w.next_order_from, w.next_order_to, w.scored_at) is not null)`;

/**
 * Customers up to the last one with a score: those with a score, and those with a written state
 * alone. Takes two more parameters: $6 the day of the scores, $7 the currency's number of decimals.
 */
export const diffPage = pageOf(
  `select * from scores where ${AFTER}`,
  `select coalesce(s.customer_id, w.customer_id) as customer_id, ${SCORE_COLUMNS}, ${writtenColumns}
     from page s
     full join (select * from written_states
                 where ${AFTER} and customer_id <= (select last from seen)) w
            on w.customer_id = s.customer_id
    where ${open} and case when s.customer_id is null then ${IS_WRITTEN} else ${mayDiffer} end`,
);

/**
 * Without any score, the gate has refused meanwhile, and nothing is written or removed. `max` uses
 * the index: finding a first row is slow in a table whose rows were all replaced.
 */
const ANYBODY_SCORED = "(select max(customer_id) from scores where shop = $1) is not null";

/** Customers with a written state, treated as without a score. */
const writtenPage = (whom: string) =>
  pageOf(
    `select * from written_states w where ${AFTER} and ${whom}`,
    `select w.customer_id, null as score_clv, ${writtenColumns}
       from page w where ${open} and ${IS_WRITTEN}`,
  );

export const writtenPageStatements = {
  everyone: writtenPage("true"),
  /** Excluded customers, whose tags are removed without a scoring. */
  excluded: writtenPage(`exists (select 1 from excluded_customers
                                   where shop = w.shop and customer_id = w.customer_id)`),
  /** To be read from the last customer with a score. */
  unscored: writtenPage(`${ANYBODY_SCORED} and not exists (
    select 1 from scores where shop = w.shop and customer_id = w.customer_id)`),
} as const;

/** Customers with pending writes. */
export const pendingPage = pageOf(
  `select * from pending_writes where ${AFTER} and ${ANYBODY_SCORED}`,
  `select p.customer_id, p.mark, ${SCORE_COLUMNS}, ${writtenColumns}
     from page p
     left join scores s on s.shop = $1 and s.customer_id = p.customer_id
     left join written_states w on w.shop = $1 and w.customer_id = p.customer_id
    where ${open}`,
);

const ALONGSIDE = `shop = $1 and customer_id between (select first from seen)
                                              and (select last from seen)`;

/** The customers with the given ids, in the order of these. */
export const namedPage = pageOf(
  `select customer_id from unnest($2::text[]) as named (customer_id) where ${ANYBODY_SCORED}`,
  `select p.customer_id, ${SCORE_COLUMNS}, ${writtenColumns}
     from page p
     left join (select * from scores where ${ALONGSIDE}) s on s.customer_id = p.customer_id
     left join (select * from written_states where ${ALONGSIDE}) w
            on w.customer_id = p.customer_id
    where ${open}`,
);
