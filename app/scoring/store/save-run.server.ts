import { randomUUID } from "node:crypto";

import type pg from "pg";

import { isoDay } from "#app/lib/calendar.ts";
import { now } from "#app/lib/clock.server.ts";
import { copyInto } from "#app/lib/db.server.ts";
import { type RunId, runId, type ShopDomain } from "#app/lib/ids.ts";
import type { Basis } from "#app/orders/purchases/order-counts.ts";
import { type CurrentTiers, forget } from "#app/scoring/evaluation/current-tiers.ts";
import {
  type Evaluation,
  type PreviousTiers,
  type TieredResult,
  withCurrentTiers,
} from "#app/scoring/evaluation/evaluate.ts";
import { type Axis, ENGINE_VERSION } from "#engine";

import { readShownTiers, readTiersBefore } from "./current-tiers.server.ts";
import { countMoves, type Moves } from "./moves.ts";
import { type Outlook, outlookOf } from "./outlook.ts";
import {
  changeColumns,
  changeLines,
  historyColumns,
  historyLines,
  scoreColumns,
  type ScoredStore,
  scoreLines,
} from "./rows.ts";
import { readGroups } from "./shopify-groups.server.ts";
import { replaceTotals } from "./tier-totals.server.ts";
import { rowsOf, sumsOf, type TierSums } from "./totals.ts";

/** The outcome of scoring a shop as of one day, to be stored as a run. */
export type RunRecord = Evaluation & {
  shop: ShopDomain;
  basis: Basis;
  inputDigest: string;
  customerIds: readonly string[];
};

export type SaveOptions = {
  /** The run is the first, and is saved again after the weeks before it were reconstructed. */
  followsWeeks?: boolean | undefined;
  /**
   * Ids, ascending, of customers rescored later in this transaction, which then records their tier
   * changes.
   */
  changing: readonly string[];
};

/**
 * Replaces the shop's scores by those of a new run, in the caller's transaction, which holds the
 * scores lock. Tiers are computed from those before the day; changes are recorded against the tiers
 * shown until now.
 */
export async function saveRun(
  client: pg.PoolClient,
  record: RunRecord,
  { followsWeeks = false, changing }: SaveOptions,
): Promise<RunId> {
  const { shop, asOfDay, result } = record;
  const id = runId(randomUUID());
  if (!result) {
    await saveRunRow(client, id, { record });
    await removeDay(client, record);
    await client.query("delete from scores where shop = $1", [shop]);
    await client.query("delete from tier_totals where shop = $1", [shop]);
    return id;
  }
  const previous = await readPreviousTiers(client, record, followsWeeks);
  const scores = withCurrentTiers(result, asOfDay, previous);
  forget(scores.shown, indicesOf(changing, record.customerIds));
  const sums = sumsOf(scores);
  const outlook = outlookOf({ ...scores, horizonDays: record.horizonDays });
  const moves = countMoves(scores.shown, scores.currentTiers);
  const { followsWeeks: follows } = previous;
  await saveRunRow(client, id, { record, said: { sums, outlook, moves }, followsWeeks: follows });
  await removeDay(client, record);
  const store = storeOf(record, id, scores);
  const groups = await readGroups(client, record);
  await keepHistory(client, { ...store, groups });
  await client.query("delete from scores where shop = $1", [shop]);
  await copyInto(client, `scores (${scoreColumns.join(", ")})`, scoreLines(store));
  await replaceTotals(client, shop, sums);
  return id;
}

/**
 * Saves a reconstructed week, whose scores go only into the history.
 *
 * @param before the tiers of the week before
 * @returns the tiers after it
 */
export async function saveWeek(
  client: pg.PoolClient,
  record: RunRecord,
  before: CurrentTiers,
): Promise<CurrentTiers> {
  const id = runId(randomUUID());
  const { result, asOfDay } = record;
  const scores = result && withCurrentTiers(result, asOfDay, { before, shown: before });
  const { horizonDays } = record;
  const said = scores && { sums: sumsOf(scores), outlook: outlookOf({ ...scores, horizonDays }) };
  await saveRunRow(client, id, said ? { record, said } : { record });
  await removeDay(client, record);
  if (!scores) return before;
  await keepHistory(client, storeOf(record, id, scores));
  return scores.currentTiers;
}

async function readPreviousTiers(
  client: pg.PoolClient,
  record: RunRecord,
  followsWeeks: boolean,
): Promise<PreviousTiers & { followsWeeks: boolean }> {
  const { shop, customerIds, asOfDay, result } = record;
  const customers = { shop, customerIds, few: false };
  const day = { asOfDay, followsWeeks, tierOptions: result?.fit.tierOptions };
  const previous = await readTiersBefore(client, customers, day);
  const again = !followsWeeks && (await isScoredFrom(client, shop, asOfDay));
  const shown = again ? await readShownTiers(client, customers) : previous.before;
  return { ...previous, shown, chosen: await haveSettingsChanged(client, record) };
}

/** Whether the last run was made with other settings of the merchant's. */
async function haveSettingsChanged(client: pg.PoolClient, record: RunRecord): Promise<boolean> {
  const { shop, result, basis, horizonDays } = record;
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  const { rows } = await client.query<{ changed: boolean }>(
    `select r.fit -> 'tierOptions' is distinct from $2::jsonb
         or r.basis -> 'rules' is distinct from $3::jsonb
         or (r.horizon_days <> $4 and s.horizon_days is not null) as changed
       from scoring_runs r join shops s on s.shop = r.shop
      where r.shop = $1 and not r.reconstructed and r.outcome = 'scored'
      order by r.created_at desc limit 1`,
    [shop, json(result?.fit.tierOptions), json(basis.rules), horizonDays],
  );
  return rows[0]?.changed ?? false;
}

/** Whether the current scores are of that day or a later one. */
async function isScoredFrom(
  client: pg.PoolClient,
  shop: ShopDomain,
  asOfDay: number,
): Promise<boolean> {
  const { rows } = await client.query<{ scored: boolean }>(
    `select exists (select 1 from scoring_runs
                     where shop = $1 and as_of >= $2 and not reconstructed and outcome = 'scored')
         or exists (select 1 from score_updates where shop = $1 and as_of >= $2) as scored`,
    [shop, isoDay(asOfDay)],
  );
  return rows[0]?.scored ?? false;
}

/** Customer indices of some customers; both lists ascend as text. */
function indicesOf(some: readonly string[], all: readonly string[]): number[] {
  let index = 0;
  return some.flatMap((id) => {
    while (index < all.length && all[index] < id) index++;
    return all[index] === id ? [index] : [];
  });
}

function storeOf(record: RunRecord, id: RunId, scores: TieredResult): ScoredStore {
  const { shop, reconstructed, customerIds } = record;
  return { ...scores, shop, runId: id, reconstructed, rescored: false, customerIds };
}

/** Removes what was kept of the day: a run replaces all of it. */
async function removeDay(client: pg.PoolClient, { shop, asOfDay }: RunRecord): Promise<void> {
  for (const table of ["score_history", "score_updates"]) {
    await client.query(`delete from ${table} where shop = $1 and as_of = $2`, [
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

type RunRow = {
  record: RunRecord;
  /** Of a run that was not refused. */
  said?: {
    sums: TierSums;
    outlook: Outlook;
    /** Against the tiers shown until now; not of a reconstructed week. */
    moves?: Record<Axis, Moves>;
  };
  followsWeeks?: boolean;
};

async function saveRunRow(
  client: pg.PoolClient,
  id: string,
  { record, said, followsWeeks = false }: RunRow,
): Promise<void> {
  const { shop, reconstructed, result } = record;
  const asOf = isoDay(record.asOfDay);
  await client.query(
    "delete from scoring_runs where shop = $1 and as_of = $2 and reconstructed = $3",
    [shop, asOf, reconstructed],
  );
  await client.query(
    `insert into scoring_runs (shop, id, as_of, reconstructed, outcome, engine_version,
                               horizon_days, gate, fit, basis, totals, input_digest,
                               follows_weeks, created_at, outlook, moves)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      shop,
      id,
      asOf,
      reconstructed,
      result ? "scored" : "refused",
      ENGINE_VERSION,
      record.horizonDays,
      JSON.stringify(record.rules),
      result && JSON.stringify(result.fit),
      JSON.stringify(record.basis),
      said && JSON.stringify({ ...rowsOf(said.sums), range: result?.range ?? null }),
      record.inputDigest,
      followsWeeks,
      now(),
      said && JSON.stringify(said.outlook),
      said?.moves && JSON.stringify(said.moves),
    ],
  );
}
