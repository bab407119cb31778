import { randomUUID } from "node:crypto";

import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { asOfDayAt, dayNumber, isoDay } from "#app/lib/calendar.ts";
import { now } from "#app/lib/clock.server.ts";
import { copyInto, inTransaction } from "#app/lib/db.server.ts";
import type { CustomerId, ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import {
  type ChangeMark,
  clearMarks,
  takeMarks,
} from "#app/orders/customers/changed-customers.server.ts";
import {
  type LoadedPurchases,
  loadPurchasesOf,
} from "#app/orders/purchases/purchase-days.server.ts";
import type { CurrentTiers } from "#app/scoring/evaluation/current-tiers.ts";
import { scoreWith, withCurrentTiers } from "#app/scoring/evaluation/evaluate.ts";
import { readShownTiers, readTiersBefore } from "#app/scoring/store/current-tiers.server.ts";
import { readLatestRun } from "#app/scoring/store/latest-run.server.ts";
import { markPending } from "#app/scoring/store/pending-writes.server.ts";
import { removeScores } from "#app/scoring/store/remove-scores.server.ts";
import {
  changeColumns,
  changeLines,
  scoreColumns,
  type ScoredStore,
  scoreLines,
  updateColumns,
  updateLines,
} from "#app/scoring/store/rows.ts";
import { addToTotals } from "#app/scoring/store/tier-totals.server.ts";
import { sumsOf } from "#app/scoring/store/totals.ts";
import { readTimeZone } from "#app/shop/shop-row.server.ts";
import type { StoreFit } from "#engine";

import { applyTierOptions } from "./apply-tier-options.server.ts";
import { enqueueWrite } from "./enqueue-write.server.ts";

/** Customers per transaction, which takes some tens of milliseconds. */
const PAGE = 500;

/**
 * Applies other tiers if the merchant chose them, and scores the marked customers with the fit of the last run. Without a scored run nothing is done:
 * the next run scores all customers.
 *
 * May be stopped at any point: marks are removed in the transaction that stores the scores.
 */
export async function runRescore(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  await applyTierOptions(shop);
  for (;;) {
    signal?.throwIfAborted();
    const done = await inTransaction(async (client) => {
      await takeLock(client, "scores", shop);
      return rescoreMarked(client, shop);
    });
    if (done < PAGE) return;
  }
}

/** Marked customers with their purchases, as seen in the caller's transaction. */
export type Marked = Pick<LoadedPurchases, "purchases" | "customerIds"> & {
  shop: ShopDomain;
  marks: ChangeMark[];
  /** Their current tiers. */
  shown: CurrentTiers;
};

/** One page of {@link runRescore}; the caller holds the scores lock. */
async function rescoreMarked(client: pg.PoolClient, shop: ShopDomain): Promise<number> {
  const marked = await takeMarked(client, shop);
  return rescore(client, marked);
}

/** Takes the customers marked longest ago; the caller holds the scores lock. */
export async function takeMarked(client: pg.PoolClient, shop: ShopDomain): Promise<Marked> {
  const marks = await takeMarks(client, shop, PAGE);
  const ids = marks.map(({ customerId }) => customerId);
  const loaded = await loadPurchasesOf(client, shop, ids);
  const customers = { shop, customerIds: loaded.customerIds, few: true };
  return { ...loaded, shop, marks, shown: await readShownTiers(client, customers) };
}

/** @returns the number of marks handled; 0 without a scored run */
export async function rescore(client: pg.PoolClient, marked: Marked): Promise<number> {
  const { shop, marks } = marked;
  if (marks.length === 0) return 0;
  const run = await readLatestRun(shop, client);
  if (!run?.scored) return 0;
  const { fit } = run.scored;
  const store = await score(client, marked, { runId: run.id, asOf: run.asOf, fit });
  const ids = marks.map(({ customerId }) => customerId);
  await replace(client, store, { shop, ids });
  await clearMarks(client, shop, marks);
  await markPending(client, shop, ids);
  await enqueueWrite(client, shop);
  log.info({ shop, customers: ids.length, asOf: isoDay(store.asOfDay) }, "rescored customers");
  return marks.length;
}

async function score(
  client: pg.PoolClient,
  { shop, purchases, customerIds, shown }: Marked,
  { runId, asOf, fit }: { runId: string; asOf: string; fit: StoreFit },
): Promise<ScoredStore> {
  const asOfDay = Math.max(dayNumber(asOf), asOfDayAt(now(), await readTimeZone(shop, client)));
  const customers = { shop, customerIds, few: true };
  const { tierOptions } = fit;
  const { before, reset } = await readTiersBefore(client, customers, { asOfDay, tierOptions });
  const result = scoreWith(fit, purchases, asOfDay);
  const scores = withCurrentTiers(result, asOfDay, { before, shown, reset });
  return { ...scores, shop, runId, reconstructed: false, rescored: true, customerIds };
}

/**
 * Replaces scores, score updates, tier changes and totals. A customer without counted orders has no
 * score afterwards.
 */
async function replace(
  client: pg.PoolClient,
  store: ScoredStore,
  { shop, ids }: { shop: ShopDomain; ids: CustomerId[] },
): Promise<void> {
  const asOf = isoDay(store.asOfDay);
  await removeScores(client, shop, ids);
  await addToTotals(client, shop, sumsOf(store));
  await copyInto(client, `scores (${scoreColumns.join(", ")})`, scoreLines(store));
  const changes = changeLines(store, now(), randomUUID());
  await copyInto(client, `tier_changes (${changeColumns.join(", ")})`, changes);
  await client.query(
    "delete from score_updates where shop = $1 and as_of = $2 and customer_id = any($3)",
    [shop, asOf, ids],
  );
  await copyInto(client, `score_updates (${updateColumns.join(", ")})`, updateLines(store));
  await client.query(
    `insert into score_updates (shop, as_of, customer_id, run_id)
     select $1, $2, id, $4 from unnest($3::text[]) as id
      where exists (select 1 from score_history where shop = $1 and customer_id = id)
         on conflict (shop, as_of, customer_id) do nothing`,
    [shop, asOf, ids, store.runId],
  );
}
