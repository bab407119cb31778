import { randomUUID } from "node:crypto";

import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { now } from "#app/lib/clock.server.ts";
import { copyInto, inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { newTiers, withTierOptions } from "#app/scoring/evaluation/new-tiers.ts";
import { type LatestRun, readLatestRun } from "#app/scoring/store/latest-run.server.ts";
import { markPending } from "#app/scoring/store/pending-writes.server.ts";
import { changeColumns } from "#app/scoring/store/rows.ts";
import {
  HAS_OTHER_TIERS,
  readScoringSettings,
} from "#app/scoring/store/scoring-settings.server.ts";
import {
  type NewTier,
  readStoredScores,
  type StoredScores,
  storeNewTiers,
  type TierTable,
} from "#app/scoring/store/stored-figures.server.ts";
import { replaceTotals } from "#app/scoring/store/tier-totals.server.ts";
import { rowsOf, sumsOfRows } from "#app/scoring/store/totals.ts";
import { axes, type Axis, type StoreFit, tiers } from "#engine";

import { enqueueWrite } from "./enqueue-write.server.ts";

/**
 * Where the merchant chose other tiers than those of the last run, gives every customer the plain
 * tier by the same fit with the thresholds chosen. The tiers before and how long they lasted hold
 * nothing back. The run is kept as it would be had it been made with them.
 */
export async function applyTierOptions(shop: ShopDomain): Promise<void> {
  if (!(await areTiersOther(shop))) return;
  await inTransaction(async (client) => {
    await takeLock(client, "scores", shop);
    const run = await readLatestRun(shop, client);
    if (!run?.scored || !(await areTiersOther(shop, client))) return;
    const moved = await apply(client, shop, { run, fit: run.scored.fit });
    log.info({ shop, moved }, "changed tiers as the merchant chose");
  });
}

/** Whether the last run was made with other tiers than the merchant chose. */
export async function areTiersOther(
  shop: ShopDomain,
  connection: pg.Pool | pg.PoolClient = pool,
): Promise<boolean> {
  const { rowCount } = await connection.query(
    `select 1 from shops s
       join lateral (select outcome, fit from scoring_runs where shop = s.shop and not reconstructed
                      order by created_at desc limit 1) r on true
      where s.shop = $1 and ${HAS_OTHER_TIERS}`,
    [shop],
  );
  return rowCount !== 0;
}

type Scored = { run: LatestRun; fit: StoreFit };

/** @returns how many customers are in another tier */
async function apply(
  client: pg.PoolClient,
  shop: ShopDomain,
  { run, fit: kept }: Scored,
): Promise<number> {
  const { asOf } = run;
  const { tierOptions } = await readScoringSettings(shop, client);
  const history = await readStoredScores(client, shop, { table: "score_history", asOf });
  const fit = withTierOptions(kept, history, tierOptions);
  const store = async (table: TierTable, stored: StoredScores) => {
    const rows = rowsOfNewTiers(stored, fit);
    await storeNewTiers(client, shop, { table, rows });
  };
  await store("score_history", history);
  const updates = await readStoredScores(client, shop, { table: "score_updates", asOf });
  await store("score_updates", updates);
  const scores = await readStoredScores(client, shop, { table: "scores", asOf });
  await store("scores", scores);
  await keepRun(client, shop, { run, fit, scores });
  return recordMoves(client, shop, { scores, fit });
}

/** The rows in which a current or a plain tier is another one now. */
function rowsOfNewTiers(stored: StoredScores, fit: StoreFit): NewTier[] {
  const to = newTiers(stored, fit);
  const rows: NewTier[] = [];
  for (const [row, customerId] of stored.customerIds.entries()) {
    const isOther = (axis: Axis) =>
      stored.tier[axis][row] !== to[axis][row] || stored.plain[axis][row] !== to[axis][row];
    if (!axes.some(isOther)) continue;
    rows.push({ customerId, asOf: stored.asOf[row], clv: to.clv[row], buy: to.buy[row] });
  }
  return rows;
}

async function keepRun(
  client: pg.PoolClient,
  shop: ShopDomain,
  { run, fit, scores }: Scored & { scores: StoredScores },
): Promise<void> {
  const sums = sumsOfRows(scores, newTiers(scores, fit));
  const totals = { ...run.scored?.totals, axes: rowsOf(sums).axes };
  await client.query(
    `update scoring_runs set fit = $3, totals = $4, write_plan = null where shop = $1 and id = $2`,
    [shop, run.id, JSON.stringify(fit), JSON.stringify(totals)],
  );
  await replaceTotals(client, shop, sums);
}

async function recordMoves(
  client: pg.PoolClient,
  shop: ShopDomain,
  { scores, fit }: { scores: StoredScores; fit: StoreFit },
): Promise<number> {
  const { customerIds, asOf, tier } = scores;
  const to = newTiers(scores, fit);
  const [by, at] = [randomUUID(), now().toISOString()];
  const changes: string[] = [];
  const moved = new Set<string>();
  for (const [row, id] of customerIds.entries()) {
    for (const axis of axes) {
      if (tier[axis][row] === to[axis][row]) continue;
      const [was, is] = [tiers[tier[axis][row]], tiers[to[axis][row]]];
      const change = [shop, by, id, axis, was, is, "settings", asOf[row], at, false];
      changes.push(`${change.join("\t")}\n`);
      moved.add(id);
    }
  }
  await copyInto(client, `tier_changes (${changeColumns.join(", ")})`, changes);
  await markPending(client, shop, [...moved]);
  await enqueueWrite(client, shop);
  return moved.size;
}
