import { randomUUID } from "node:crypto";

import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { now } from "#app/lib/clock.server.ts";
import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import type { Difference } from "#app/orders/store/apply-changes.server.ts";
import { showWaiting } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";

/** One comparison of a shop's stored orders with Shopify's; the row is the checkpoint. */
export type ReconciliationRun = {
  shop: ShopDomain;
  id: string;
  askedBy: "night" | "merchant";
  since: Date;
  /** Shopify's cursor in the list of changed orders; null at the beginning. */
  position: string | null;
  /** How many listed orders were compared. */
  seen: number;
  /** How often the list was restarted. */
  restarts: number;
};

const UNFINISHED = "('waiting', 'running', 'importing')";

/**
 * How far before the cursor the list starts: Shopify's search index lags behind its orders, and clocks
 * differ.
 */
const OVERLAP_SECONDS = 3_600;

/** Enqueues a reconciliation for the merchant. An unfinished run is continued instead of a new one. */
export async function enqueueReconciliation(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    await insertWaiting(client, shop, "merchant");
    await showWaiting(client, shop, { task: "check" });
    await enqueue("orders.reconcile", { shop }, { client, soon: true });
  });
}

async function insertWaiting(
  client: pg.PoolClient,
  shop: ShopDomain,
  askedBy: ReconciliationRun["askedBy"],
): Promise<void> {
  await takeLock(client, "reconciliation", shop);
  await client.query(
    `insert into order_checks (shop, id, asked_by, asked_at, state)
     select $1, $2, $3, $4, 'waiting' where not exists (
       select 1 from order_checks where shop = $1 and state in ${UNFINISHED})`,
    [shop, randomUUID(), askedBy, now()],
  );
}

/** The unfinished run, started if it was waiting; a new nightly one where there is none. */
export async function openReconciliation(shop: ShopDomain): Promise<ReconciliationRun> {
  return inTransaction(async (client) => {
    await insertWaiting(client, shop, "night");
    const { rows } = await client.query<ReconciliationRun>(
      `update order_checks c
          set state = case when c.state = 'waiting' then 'running' else c.state end,
              since = coalesce(c.since,
                coalesce(s.orders_through, i.as_of) - make_interval(secs => $2))
         from shops s, (
           select max(coalesce(as_of, started_at)) as as_of from order_imports
            where shop = $1 and state = 'done') i
        where c.shop = $1 and s.shop = $1 and c.state in ${UNFINISHED}
       returning c.shop, c.id, c.asked_by as "askedBy", c.position, c.since,
                 c.seen::float8 as seen, c.restarts`,
      [shop, OVERLAP_SECONDS],
    );
    if (rows[0] === undefined) throw new Error(`${shop} has no reconciliation run to start`);
    return rows[0];
  });
}

type Page = {
  seen: number;
  differences: readonly Difference[];
  next: string | null;
  through: Date | null;
};

/** Records a page as reconciled, in the transaction that stored its differences. */
export async function markPageReconciled(
  client: pg.PoolClient,
  { shop, id }: ReconciliationRun,
  { seen, differences, next, through }: Page,
): Promise<void> {
  const count = (kind: Difference["kind"]) =>
    differences.filter((difference) => difference.kind === kind).length;
  await client.query(
    `update order_checks
        set position = $3, seen = seen + $4, missing = missing + $5, stale = stale + $6,
            wrong = wrong + $7, removed = removed + $8, reached = greatest(reached, $9)
      where shop = $1 and id = $2`,
    [
      ...[shop, id, next, seen, count("missing"), count("stale"), count("wrong")],
      ...[count("removed"), through],
    ],
  );
  await markThrough(client, shop, through);
}

/** Moves the shop's cursor forward: all orders that changed until then are stored. */
export async function markThrough(
  client: pg.PoolClient,
  shop: ShopDomain,
  through: Date | null,
): Promise<void> {
  await client.query(
    "update shops set orders_through = greatest(orders_through, $2) where shop = $1",
    [shop, through],
  );
}

/**
 * Shopify refuses the list's cursor, which is too old or too deep. The list is restarted at the
 * newest change that was reconciled; orders changed at that very moment are listed again.
 */
export async function restartList(run: ReconciliationRun): Promise<ReconciliationRun> {
  const { rows } = await pool.query<Pick<ReconciliationRun, "since" | "restarts">>(
    `update order_checks
        set position = null, since = greatest(since, reached), restarts = restarts + 1
      where shop = $1 and id = $2 returning since, restarts`,
    [run.shop, run.id],
  );
  return { ...run, ...rows[0], position: null };
}

export type OrderTotals = { here: number; there: number | null };

/** @param whole a full import follows, which will end the run */
export async function endReconciliation(
  client: pg.PoolClient,
  { shop, id }: ReconciliationRun,
  { counted, whole }: { counted: OrderTotals | null; whole: boolean },
): Promise<void> {
  await client.query(
    `update order_checks
        set state = case when $3 then 'importing' else 'done' end, position = null,
            count_here = $4, count_there = $5, finished_at = case when $3 then null else $6::timestamptz end
      where shop = $1 and id = $2`,
    [shop, id, whole, counted?.here ?? null, counted?.there ?? null, now()],
  );
}

/**
 * Ends the unfinished run after a full import, which leaves nothing to compare.
 *
 * @param found how many orders were missing, different, and no longer in the shop
 * @returns whether there was an unfinished run
 */
export async function endReconciliationByImport(
  client: pg.PoolClient,
  shop: ShopDomain,
  found: { added: number; changed: number; removed: number },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update order_checks
        set state = 'done', position = null, finished_at = $2, missing = missing + $3,
            stale = stale + $4, removed = removed + $5
      where shop = $1 and state in ${UNFINISHED}`,
    [shop, now(), found.added, found.changed, found.removed],
  );
  return rowCount !== 0;
}

/** The result of the last reconciliation run, as the merchant sees it. */
export type ReconciliationView = {
  /** ISO time. */
  on: string;
  /** Orders that were missing, or had changed without a webhook. */
  missed: number;
  /** Orders that are no longer in the shop. */
  removed: number;
};

/** The last finished run; null before the first. */
export async function readLastReconciliation(shop: ShopDomain): Promise<ReconciliationView | null> {
  const { rows } = await pool.query<{ on: Date; missed: string; removed: string }>(
    `select finished_at as on, missing + stale + wrong as missed, removed from order_checks
      where shop = $1 and finished_at is not null order by finished_at desc limit 1`,
    [shop],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return { on: row.on.toISOString(), missed: Number(row.missed), removed: Number(row.removed) };
}
