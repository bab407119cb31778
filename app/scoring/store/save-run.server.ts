import { randomUUID } from "node:crypto";

import type pg from "pg";

import { now } from "#app/lib/clock.server.ts";
import { runId, type RunId, type ShopDomain } from "#app/lib/ids.ts";
import type { Basis } from "#app/orders/purchases/order-counts.ts";
import { ENGINE_VERSION } from "#engine";

import { copyInto } from "#app/lib/db.server.ts";
import { isoDay } from "#app/lib/calendar.ts";
import {
  settled,
  type Evaluation,
  type Settled,
  type Stood,
} from "#app/scoring/evaluation/evaluate.ts";
import {
  changeColumns,
  changeLines,
  historyColumns,
  historyLines,
  scoreColumns,
  scoreLines,
  type ScoredStore,
} from "./rows.ts";
import { forget, type Standings } from "#app/scoring/evaluation/standings.ts";
import { readShown, readStandingsBefore } from "./standings.server.ts";
import { replaceTotals } from "./tier-totals.server.ts";
import { rowsOf, sumsOf, type TierSums } from "./totals.ts";

/** The outcome of scoring a shop as of one day, with all that is needed to read it later. */
export type RunRecord = Evaluation & {
  shop: ShopDomain;
  basis: Basis;
  inputDigest: string;
  customerIds: readonly string[];
};

export type SaveOptions = {
  /** The run is the first, and the weeks before it are reconstructed by now. */
  followsWeeks?: boolean | undefined;
  /** Customers scored anew in the same transaction, ascending: their moves are told then. */
  changing: readonly string[];
};

/**
 * Keeps a run and its scores in place of those there were, in the caller's transaction, which holds
 * the lock of the scores: a reader sees the scores of one run, and a process that is killed leaves
 * those of the run before. Tiers follow from where customers stood before the day; what moved is told against the tiers shown.
 *
 */
export async function saveRun(
  client: pg.PoolClient,
  record: RunRecord,
  { followsWeeks = false, changing }: SaveOptions,
): Promise<RunId> {
  const { shop, asOfDay, found } = record;
  const id = runId(randomUUID());
  if (!found) {
    await saveRunRow(client, id, { record, sums: null });
    await removeDay(client, record);
    await client.query("DELETE FROM scores WHERE shop = $1", [shop]);
    await client.query("DELETE FROM tier_totals WHERE shop = $1", [shop]);
    return id;
  }
  const stood = await readStood(client, record, followsWeeks);
  const scores = settled(found, asOfDay, stood);
  forget(scores.shown, indicesOf(changing, record.customerIds));
  const sums = sumsOf(scores);
  await saveRunRow(client, id, { record, sums, followsWeeks: stood.followsWeeks });
  await removeDay(client, record);
  const store = storeOf(record, id, scores);
  await keepHistory(client, store);
  await client.query("DELETE FROM scores WHERE shop = $1", [shop]);
  await copyInto(client, `scores (${scoreColumns.join(", ")})`, scoreLines(store));
  await replaceTotals(client, shop, sums);
  return id;
}

/**
 * Keeps a reconstructed week, whose scores go to the history alone.
 *
 * @param before where customers stood the week before
 * @returns where they stand after it
 */
export async function saveWeek(
  client: pg.PoolClient,
  record: RunRecord,
  before: Standings,
): Promise<Standings> {
  const id = runId(randomUUID());
  const { found, asOfDay } = record;
  const scores = found && settled(found, asOfDay, { before, shown: before });
  await saveRunRow(client, id, { record, sums: scores && sumsOf(scores) });
  await removeDay(client, record);
  if (!scores) return before;
  await keepHistory(client, storeOf(record, id, scores));
  return scores.standings;
}

async function readStood(
  client: pg.PoolClient,
  { shop, customerIds, asOfDay }: RunRecord,
  followsWeeks: boolean,
): Promise<Stood & { followsWeeks: boolean }> {
  const customers = { shop, customerIds, few: false };
  const stood = await readStandingsBefore(client, customers, { asOfDay, followsWeeks });
  const again = !followsWeeks && (await isScoredFrom(client, shop, asOfDay));
  return { ...stood, shown: again ? await readShown(client, customers) : stood.before };
}

/** Whether the tiers that are shown are of that day already, or of a later one. */
async function isScoredFrom(
  client: pg.PoolClient,
  shop: ShopDomain,
  asOfDay: number,
): Promise<boolean> {
  const { rows } = await client.query<{ scored: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM scoring_runs
                     WHERE shop = $1 AND as_of >= $2 AND NOT reconstructed AND outcome = 'scored')
         OR EXISTS (SELECT 1 FROM score_updates WHERE shop = $1 AND as_of >= $2) AS scored`,
    [shop, isoDay(asOfDay)],
  );
  return rows[0]?.scored ?? false;
}

/** Dense indices of some customers; both lists ascend as text. */
function indicesOf(some: readonly string[], all: readonly string[]): number[] {
  let index = 0;
  return some.flatMap((id) => {
    while (index < all.length && all[index] < id) index++;
    return all[index] === id ? [index] : [];
  });
}

function storeOf(record: RunRecord, id: RunId, scores: Settled): ScoredStore {
  const { shop, reconstructed, customerIds } = record;
  return { ...scores, shop, runId: id, reconstructed, rescored: false, customerIds };
}

/** What was kept of the day until now: a run takes the place of all of it. */
async function removeDay(client: pg.PoolClient, { shop, asOfDay }: RunRecord): Promise<void> {
  for (const table of ["score_history", "score_updates"]) {
    await client.query(`DELETE FROM ${table} WHERE shop = $1 AND as_of = $2`, [
      shop,
      isoDay(asOfDay),
    ]);
  }
}

async function keepHistory(client: pg.PoolClient, store: ScoredStore): Promise<void> {
  await copyInto(client, `score_history (${historyColumns.join(", ")})`, historyLines(store));
  const changes = changeLines(store, now(), store.runId);
  await copyInto(client, `tier_changes (${changeColumns.join(", ")})`, changes);
}

type RunRow = { record: RunRecord; sums: TierSums | null; followsWeeks?: boolean };

async function saveRunRow(
  client: pg.PoolClient,
  id: string,
  { record, sums, followsWeeks = false }: RunRow,
): Promise<void> {
  const { shop, reconstructed, found } = record;
  const asOf = isoDay(record.asOfDay);
  await client.query(
    "DELETE FROM scoring_runs WHERE shop = $1 AND as_of = $2 AND reconstructed = $3",
    [shop, asOf, reconstructed],
  );
  await client.query(
    `INSERT INTO scoring_runs (shop, id, as_of, reconstructed, outcome, engine_version,
                               horizon_days, gate, fit, basis, totals, input_digest,
                               follows_weeks, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      shop,
      id,
      asOf,
      reconstructed,
      found ? "scored" : "refused",
      ENGINE_VERSION,
      record.horizonDays,
      JSON.stringify(record.rules),
      found && JSON.stringify(found.fit),
      JSON.stringify(record.basis),
      sums && JSON.stringify({ ...rowsOf(sums), range: found?.range ?? null }),
      record.inputDigest,
      followsWeeks,
      now(),
    ],
  );
}
