import type pg from "pg";

import { inTransaction, pool } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";
import { readErased } from "#app/orders/redacted.server.ts";
import type { Tier } from "#engine";

import { FINAL } from "./failures.ts";
import { metafieldKeys, type MetafieldKey, type MetafieldValues } from "./metafields.ts";
import { nothingKnown, type Known } from "./plan.ts";
import type { ScoredCustomer } from "./wanted.ts";
import type { Write } from "./writes.ts";

/** A customer with the score that says what is wanted, and with what is known to stand. */
export type Compared = {
  customerId: string;
  score: ScoredCustomer | null;
  known: Known;
  /** Of the customer's entry in `pending_writes`, where it was looked for there. */
  mark?: string;
};

/** Memory of a page stays in the megabytes, and a million customers are 200 pages. */
const PAGE = 5_000;

const knownColumns = `w.tags, w.clv_tier, w.buy_tier, w.expected_spend, w.buy_probability,
  w.next_order_from, w.next_order_to, w.scored_at, w.spent_minor AS known_spent, w.unsure,
  w.removing`;

/** `attempts` counts the failures of the push that is under way. */
const open = `coalesce(w.attempts, 0) BETWEEN $4 AND $5
  AND w.failure_code IS DISTINCT FROM '${FINAL}'`;

const scoreColumns = `s.clv_tier AS score_clv, s.buy_tier AS score_buy,
  s.expected_spend_minor, s.buy_probability AS score_probability,
  s.next_order_from::text AS score_from, s.next_order_to::text AS score_to,
  s.spent_minor AS score_spent, (s.as_of - 1)::text AS score_on`;

const scoredPage = `
  SELECT s.customer_id, ${scoreColumns}, ${knownColumns}
    FROM scores s
    LEFT JOIN written_states w ON w.shop = s.shop AND w.customer_id = s.customer_id
   WHERE s.shop = $1 AND s.customer_id > $2 AND ${open}
   ORDER BY s.customer_id LIMIT $3`;

/** Customers on whom something of ours stands, and of whom nothing is wanted. */
const standingPage = (whom: string) => `
  SELECT w.customer_id, NULL AS score_clv, ${knownColumns}
    FROM written_states w
   WHERE w.shop = $1 AND w.customer_id > $2 AND ${open}
     AND (w.tags <> '{}' OR coalesce(w.clv_tier, w.buy_tier, w.expected_spend, w.buy_probability,
                                     w.next_order_from, w.next_order_to, w.scored_at) IS NOT NULL)
     AND ${whom}
   ORDER BY w.customer_id LIMIT $3`;

const isScored =
  "EXISTS (SELECT 1 FROM scores WHERE shop = w.shop AND customer_id = w.customer_id)";
/** Where nobody has a score the gate refused meanwhile: then nothing is written, and nothing removed. */
const unscored = `NOT ${isScored} AND EXISTS (SELECT 1 FROM scores WHERE shop = $1)`;

const pendingPage = `
  SELECT p.customer_id, p.mark, ${scoreColumns}, ${knownColumns}
    FROM pending_writes p
    LEFT JOIN scores s ON s.shop = p.shop AND s.customer_id = p.customer_id
    LEFT JOIN written_states w ON w.shop = p.shop AND w.customer_id = p.customer_id
   WHERE p.shop = $1 AND p.customer_id > $2 AND ${open}
     AND EXISTS (SELECT 1 FROM scores WHERE shop = $1)
   ORDER BY p.customer_id LIMIT $3`;

const standingOf = {
  everyone: "true",
  /** Those who are not to be scored: their removal waits for no scoring. */
  excluded: `EXISTS (SELECT 1 FROM excluded_customers
                      WHERE shop = w.shop AND customer_id = w.customer_id)`,
} as const;

/** How many failed attempts a customer may have to be looked at; those who are gone never are. */
export type Attempts = { atLeast: number; atMost: number };

/**
 * Every customer who has a score or something of ours, a page at a time: first
 * those with a score, then those who have none any more.
 */
export async function* comparedPages(
  shop: ShopDomain,
  attempts: Attempts,
): AsyncGenerator<Compared[]> {
  yield* pagesOf(shop, scoredPage, attempts);
  yield* pagesOf(shop, standingPage(unscored), attempts);
}

/** Those who wait in `pending_writes`, a page at a time. */
export function pendingPages(shop: ShopDomain, attempts: Attempts): AsyncGenerator<Compared[]> {
  return pagesOf(shop, pendingPage, attempts);
}

/** Those on whom something of ours stands, as if none of them had a score. */
export function standingPages(
  shop: ShopDomain,
  whose: keyof typeof standingOf,
  attempts: Attempts,
): AsyncGenerator<Compared[]> {
  return pagesOf(shop, standingPage(standingOf[whose]), attempts);
}

async function* pagesOf(
  shop: ShopDomain,
  statement: string,
  { atLeast, atMost }: Attempts,
): AsyncGenerator<Compared[]> {
  let after = "";
  for (;;) {
    const { rows } = await pool.query<Row>(statement, [shop, after, PAGE, atLeast, atMost]);
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(compared);
    after = last.customer_id;
  }
}

type Row = Partial<Record<MetafieldKey, string | null>> & {
  customer_id: string;
  score_clv: Tier | null;
  score_buy: Tier;
  expected_spend_minor: number;
  score_probability: number;
  score_from: string | null;
  score_to: string | null;
  score_spent: string;
  score_on: string | null;
  mark?: string;
  tags: string[] | null;
  known_spent: string | null;
  unsure: boolean | null;
  removing: string[] | null;
};

function compared(row: Row): Compared {
  const score = row.score_clv && {
    clvTier: row.score_clv,
    buyTier: row.score_buy,
    expectedSpendMinor: row.expected_spend_minor,
    buyProbability: row.score_probability,
    nextOrderFrom: row.score_from,
    nextOrderTo: row.score_to,
    spentMinor: row.score_spent,
    scoredOn: row.score_on,
  };
  const { customer_id: customerId, mark } = row;
  return { customerId, score, known: knownOf(row), ...(mark !== undefined && { mark }) };
}

function knownOf(row: Row): Known {
  if (row.tags === null) return nothingKnown;
  const values: MetafieldValues = {};
  for (const key of metafieldKeys) {
    const value = row[key];
    if (value !== null && value !== undefined) values[key] = value;
  }
  const { tags, known_spent: spentMinor } = row;
  return { tags, values, spentMinor, unsure: row.unsure ?? false, removing: row.removing ?? [] };
}

const records = `jsonb_to_recordset($2::jsonb) AS r(customer_id text, add text[], remove text[],
  clv_tier text, buy_tier text, expected_spend text, buy_probability text, next_order_from text,
  next_order_to text, scored_at text, unset text[], spent_minor bigint)`;

const insertMissing = `
  INSERT INTO written_states (shop, customer_id, tags)
  SELECT $1, r.customer_id, '{}' FROM ${records}
  ON CONFLICT (shop, customer_id) DO NOTHING`;

const union = `ARRAY(SELECT DISTINCT t FROM unnest(w.tags || r.add) t ORDER BY t)`;

const newValues = metafieldKeys
  .map(
    (key) => `${key} = CASE WHEN '${key}' = ANY(r.unset) THEN NULL
                               ELSE coalesce(r.${key}, w.${key}) END`,
  )
  .join(",\n");

const written = `
  UPDATE written_states w SET
    tags = ARRAY(SELECT t FROM unnest(${union}) t WHERE t <> ALL(r.remove)),
    unsure = w.unsure AND r.add = '{}',
    removing = ARRAY(SELECT t FROM unnest(w.removing) t WHERE t <> ALL(r.add || r.remove)),
    ${newValues},
    spent_minor = coalesce(r.spent_minor, w.spent_minor),
    written_at = now()
  FROM ${records} WHERE w.shop = $1 AND w.customer_id = r.customer_id`;

const sent = `
  UPDATE written_states w SET
    tags = ${union},
    unsure = w.unsure OR r.add <> '{}',
    removing = ARRAY(SELECT DISTINCT t FROM unnest(w.removing || r.remove) t ORDER BY t),
    ${metafieldKeys.map((key) => `${key} = coalesce(r.${key}, w.${key})`).join(", ")},
    spent_minor = CASE WHEN num_nonnulls(${metafieldKeys.map((key) => `r.${key}`).join(", ")}) > 0
                         OR r.unset <> '{}' THEN NULL ELSE w.spent_minor END
  FROM ${records} WHERE w.shop = $1 AND w.customer_id = r.customer_id`;

/**
 * Shopify confirmed these writes: what they say stands.
 *
 * @throws when the signal is aborted: whoever has lost the right to write must not record it over
 * what another has written since
 */
export async function recordWritten(
  shop: ShopDomain,
  writes: readonly Write[],
  signal?: AbortSignal,
): Promise<void> {
  await record(shop, writes, { statement: written, signal });
}

/**
 * These writes may have happened: either they are about to be sent one by one, or
 * their outcome was lost. What they would add is listed, so that it can be removed
 * later, and is written again before anything rests on it; so is what they would
 * remove, if it is wanted by then.
 *
 * @throws when the signal is aborted
 */
export async function recordSent(
  shop: ShopDomain,
  writes: readonly Write[],
  signal?: AbortSignal,
): Promise<void> {
  await record(shop, writes, { statement: sent, signal });
}

/**
 * A reading of Shopify found these: what they say stands.
 *
 * @returns those of customers who were erased on request: they are not written down
 */
export async function recordFound(shop: ShopDomain, found: readonly Write[]): Promise<Write[]> {
  return inTransaction(async (client) => {
    const isErased = await readErased(client, shop);
    const held = found.filter(({ customerId }) => !isErased(customerId));
    await keep(client, shop, { writes: held, statement: written });
    return found.filter(({ customerId }) => isErased(customerId));
  });
}

async function record(
  shop: ShopDomain,
  writes: readonly Write[],
  { statement, signal }: { statement: string; signal: AbortSignal | undefined },
): Promise<void> {
  for (let start = 0; start < writes.length; start += PAGE) {
    const page = writes.slice(start, start + PAGE);
    await inTransaction(async (client) => {
      await keep(client, shop, { writes: page, statement });
      // Not before: the database may have been away while this waited for it, and our lock with it.
      signal?.throwIfAborted();
    });
  }
}

async function keep(
  client: pg.PoolClient,
  shop: ShopDomain,
  { writes, statement }: { writes: readonly Write[]; statement: string },
): Promise<void> {
  const page = JSON.stringify(writes.map(asRecord));
  await lockKnown(client, shop);
  await client.query(insertMissing, [shop, page]);
  await client.query(statement, [shop, page]);
}

function asRecord(write: Write) {
  return {
    customer_id: write.customerId,
    add: write.add ?? [],
    remove: write.remove ?? [],
    ...write.set,
    unset: write.unset ?? [],
    spent_minor: write.spentMinor ?? null,
  };
}

/** Several bulk files end at once and may name the same customers: one is recorded at a time. */
export async function lockKnown(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended('written:' || $1, 0))", [shop]);
}
