import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import { now } from "#app/clock.server.ts";
import { inTransaction } from "#app/db.server.ts";
import { runId, type RunId, type ShopDomain } from "#app/ids.ts";
import type { Basis } from "#app/orders/basis.ts";
import { ENGINE_VERSION } from "#engine";

import { isoDay } from "./days.ts";
import { dropExcluded, lockScores } from "./exclusion.server.ts";
import type { Evaluation } from "./evaluate.ts";
import {
  changeColumns,
  changeLines,
  historyColumns,
  historyLines,
  scoreColumns,
  scoreLines,
  type ScoredStore,
} from "./rows.ts";
import { totalsOf } from "./totals.ts";

/** The outcome of scoring a shop as of one day, with all that is needed to read it later. */
export type RunRecord = Evaluation & {
  shop: ShopDomain;
  basis: Basis;
  inputDigest: string;
  customerIds: readonly string[];
};

/**
 * Replaces what is kept for that shop and these days, all or nothing: a reader sees the scores of
 * one run, and a process that is killed leaves those of the run before. The scores of a week that
 * is reconstructed go to the history alone.
 *
 * @param records of one shop
 * @param also work that belongs into the same transaction
 * @returns the ids of the runs
 */
export async function saveRuns(
  records: readonly [RunRecord, ...RunRecord[]],
  also?: (client: pg.PoolClient) => Promise<void>,
): Promise<RunId[]> {
  const ids = records.map(() => runId(randomUUID()));
  await inTransaction(async (client) => {
    await lockScores(client, records[0].shop);
    for (const [index, record] of records.entries()) await replace(client, ids[index], record);
    await dropExcluded(client, records[0].shop);
    await also?.(client);
  });
  return ids;
}

async function replace(client: pg.PoolClient, id: RunId, record: RunRecord): Promise<void> {
  const { shop, scored, reconstructed } = record;
  await saveRunRow(client, id, record);
  await client.query("DELETE FROM score_history WHERE shop = $1 AND as_of = $2", [
    shop,
    isoDay(record.asOfDay),
  ]);
  if (!reconstructed) await client.query("DELETE FROM scores WHERE shop = $1", [shop]);
  if (!scored) return;
  const store: ScoredStore = { ...record, ...scored, runId: id };
  await copy(client, `score_history (${historyColumns.join(", ")})`, historyLines(store));
  await copy(client, `tier_changes (${changeColumns.join(", ")})`, changeLines(store, now()));
  if (reconstructed) return;
  await copy(client, `scores (${scoreColumns.join(", ")})`, scoreLines(store));
}

async function copy(client: pg.PoolClient, into: string, lines: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(lines), client.query(copyFrom(`COPY ${into} FROM STDIN`)));
}

async function saveRunRow(client: pg.PoolClient, id: string, record: RunRecord): Promise<void> {
  const { shop, reconstructed, scored } = record;
  const asOf = isoDay(record.asOfDay);
  await client.query(
    "DELETE FROM scoring_runs WHERE shop = $1 AND as_of = $2 AND reconstructed = $3",
    [shop, asOf, reconstructed],
  );
  await client.query(
    `INSERT INTO scoring_runs (shop, id, as_of, reconstructed, outcome, engine_version,
                               horizon_days, gate, fit, basis, totals, input_digest, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      shop,
      id,
      asOf,
      reconstructed,
      scored ? "scored" : "refused",
      ENGINE_VERSION,
      record.horizonDays,
      JSON.stringify(record.rules),
      scored && JSON.stringify(scored.fit),
      JSON.stringify(record.basis),
      scored && JSON.stringify(totalsOf(scored)),
      record.inputDigest,
      now(),
    ],
  );
}
