import { FINAL } from "#app/writeback/plan/failure-codes.ts";
import { RENEWAL_DAYS, VALUE_MOVE } from "#app/writeback/plan/plan-writes.ts";

// Customers side by side with what stands, as the database reads them: a page at a time, by the
// order of their ids. Each statement takes the shop, the last customer of the page before (the named
// ones take the names), how many a page may have, and how many failed attempts a customer must and may
// have in the push under way. It gives the last customer of the page with each row, and one row with
// nobody when none of the page is of interest. A full page may end before that customer.

/** Those of `w` that may stand or not: all of a row of which the version before said it is `unsure`. */
export const doubtful = "CASE WHEN w.unsure THEN w.tags ELSE w.doubtful END";

const writtenColumns = `w.tags, w.clv_tier, w.buy_tier, w.expected_spend, w.buy_probability,
  w.next_order_from, w.next_order_to, w.scored_at, w.spent_minor AS known_spent,
  ${doubtful} AS doubtful`;

const scoreColumns = `s.clv_tier AS score_clv, s.buy_tier AS score_buy,
  s.expected_spend_minor, s.buy_probability AS score_probability,
  s.next_order_from::text AS score_from, s.next_order_to::text AS score_to,
  s.spent_minor AS score_spent, (s.as_of - 1)::text AS score_on`;

const open = `coalesce(w.attempts, 0) BETWEEN $4 AND $5
  AND w.failure_code IS DISTINCT FROM '${FINAL}'`;

const after = "shop = $1 AND customer_id > $2";

/**
 * The page is found first and all else looked up for it: a database that joins whole tables for each
 * page reads a million rows two hundred times.
 */
function pageOf(page: string, compared: string): string {
  return `
  WITH page AS MATERIALIZED (${page} ORDER BY customer_id LIMIT $3),
       seen AS (SELECT min(customer_id) AS first, max(customer_id) AS last FROM page)
  SELECT seen.last, c.*
    FROM seen LEFT JOIN (${compared} ORDER BY 1 LIMIT $3) c ON true ORDER BY c.customer_id`;
}

const today = "coalesce(s.as_of - 1, $6::date)";

/** Whose value may have moved by more than plan-writes.ts allows; both in minor units, $7 decimal places. */
const mayHaveMoved = `coalesce(
  greatest(abs(round(s.expected_spend_minor - 1e-4) - w.expected_spend::float8 * 10 ^ $7),
           abs(round(s.expected_spend_minor + 1e-4) - w.expected_spend::float8 * 10 ^ $7))
    > ${VALUE_MOVE} * abs(w.expected_spend::float8) * 10 ^ $7 - 1e-4, true)`;

/** Text, as it is kept, compares as dates do where it is a date; any other is renewed. */
const mayBeRenewed = `(w.scored_at = ${today}::text) IS NOT TRUE
  AND ((${today} - '1970-01-01'::date) % ${RENEWAL_DAYS} = s.customer_id::numeric % ${RENEWAL_DAYS}
       OR (w.scored_at BETWEEN (${today} - ${RENEWAL_DAYS - 1})::text AND ${today}::text) IS NOT TRUE)`;

/**
 * Whether a plan may find something to write: the rules of plan-writes.ts, a little wider where these
 * round. After a night most customers have nothing to be written, and do not leave the database.
 */
const mayDiffer = `((${doubtful}) IS DISTINCT FROM '{}'
  OR w.spent_minor IS DISTINCT FROM s.spent_minor
  OR w.clv_tier IS DISTINCT FROM s.clv_tier OR w.buy_tier IS DISTINCT FROM s.buy_tier
  OR cardinality(w.tags) <> 2
  OR 'clv:' || s.clv_tier <> ALL (w.tags) OR 'buy:' || s.buy_tier <> ALL (w.tags)
  OR ${mayHaveMoved} OR ${mayBeRenewed})`;

const isWritten = `(w.tags <> '{}' OR coalesce(w.clv_tier, w.buy_tier, w.expected_spend,
  w.buy_probability, w.next_order_from, w.next_order_to, w.scored_at) IS NOT NULL)`;

/**
 * Everybody up to the last customer with a score: who has one, and who has something of ours without.
 * Takes the day of the scores and the decimal places of the currency too.
 */
export const diffPage = pageOf(
  `SELECT * FROM scores WHERE ${after}`,
  `SELECT coalesce(s.customer_id, w.customer_id) AS customer_id, ${scoreColumns}, ${writtenColumns}
     FROM page s
     FULL JOIN (SELECT * FROM written_states
                 WHERE ${after} AND customer_id <= (SELECT last FROM seen)) w
            ON w.customer_id = s.customer_id
    WHERE ${open} AND CASE WHEN s.customer_id IS NULL THEN ${isWritten} ELSE ${mayDiffer} END`,
);

/**
 * Where nobody has a score the gate refused meanwhile: then nothing is written, and nothing removed.
 * Asked of the index: a table whose rows were all replaced is long to read up to the first of them.
 */
const anybodyScored = "(SELECT max(customer_id) FROM scores WHERE shop = $1) IS NOT NULL";

/** Customers on whom something of ours stands, as if none had a score. */
const writtenPage = (whom: string) =>
  pageOf(
    `SELECT * FROM written_states w WHERE ${after} AND ${whom}`,
    `SELECT w.customer_id, NULL AS score_clv, ${writtenColumns}
       FROM page w WHERE ${open} AND ${isWritten}`,
  );

export const writtenPageStatements = {
  everyone: writtenPage("true"),
  /** Those who are not to be scored: their removal waits for no scoring. */
  excluded: writtenPage(`EXISTS (SELECT 1 FROM excluded_customers
                                   WHERE shop = w.shop AND customer_id = w.customer_id)`),
  /** To be read from the last customer on who has a score. */
  unscored: writtenPage(`${anybodyScored} AND NOT EXISTS (
    SELECT 1 FROM scores WHERE shop = w.shop AND customer_id = w.customer_id)`),
} as const;

/** Those who wait, who may be anywhere among all. */
export const pendingPage = pageOf(
  `SELECT * FROM pending_writes WHERE ${after} AND ${anybodyScored}`,
  `SELECT p.customer_id, p.mark, ${scoreColumns}, ${writtenColumns}
     FROM page p
     LEFT JOIN scores s ON s.shop = $1 AND s.customer_id = p.customer_id
     LEFT JOIN written_states w ON w.shop = $1 AND w.customer_id = p.customer_id
    WHERE ${open}`,
);

const alongside = `shop = $1 AND customer_id BETWEEN (SELECT first FROM seen)
                                              AND (SELECT last FROM seen)`;

/** Those who are named, in the order of their ids: some, or all there are. */
export const namedPage = pageOf(
  `SELECT customer_id FROM unnest($2::text[]) AS named (customer_id) WHERE ${anybodyScored}`,
  `SELECT p.customer_id, ${scoreColumns}, ${writtenColumns}
     FROM page p
     LEFT JOIN (SELECT * FROM scores WHERE ${alongside}) s ON s.customer_id = p.customer_id
     LEFT JOIN (SELECT * FROM written_states WHERE ${alongside}) w
            ON w.customer_id = p.customer_id
    WHERE ${open}`,
);
