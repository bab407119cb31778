import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

import { now } from "#app/clock.server.ts";
import { inTransaction } from "#app/db.server.ts";
import { runId, type RunId, type ShopDomain } from "#app/ids.ts";
import type { Basis } from "#app/orders/basis.ts";
import { ENGINE_VERSION, type RuleCheck, type Scores, type StoreFit, type Summary } from "#engine";

import { isoDay } from "./days.ts";
import {
  historyColumns,
  historyLines,
  scoreColumns,
  scoreLines,
  type ScoredStore,
} from "./rows.ts";
import { totalsOf } from "./totals.ts";

/** The outcome of scoring a shop as of one day, with all that is needed to read it later. */
export type RunRecord = {
  shop: ShopDomain;
  asOfDay: number;
  reconstructed: boolean;
  horizonDays: number;
  rules: RuleCheck[];
  basis: Basis;
  inputDigest: string;
  customerIds: readonly string[];
  /** Null when the gate refused. */
  scored: { fit: StoreFit; summary: Summary; scores: Scores } | null;
};

/**
 * Replaces what is kept for that shop and day, all or nothing: a reader sees the
 * scores of one run, and a process that is killed leaves those of the run before.
 * The scores of a week that is reconstructed go to the history alone.
 *
 * @param also work that belongs into the same transaction
 */
export async function saveRun(
  record: RunRecord,
  also?: (client: pg.PoolClient) => Promise<void>,
): Promise<RunId> {
  const id = randomUUID();
  await inTransaction(async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended('scores:' || $1, 0))", [
      record.shop,
    ]);
    await saveRunRow(client, id, record);
    await client.query("DELETE FROM score_history WHERE shop = $1 AND as_of = $2", [
      record.shop,
      isoDay(record.asOfDay),
    ]);
    if (!record.reconstructed) {
      await client.query("DELETE FROM scores WHERE shop = $1", [record.shop]);
    }
    if (record.scored) {
      const store: ScoredStore = { ...record, ...record.scored, runId: id };
      await copy(client, `score_history (${historyColumns.join(", ")})`, historyLines(store));
      if (!record.reconstructed) {
        await copy(client, `scores (${scoreColumns.join(", ")})`, scoreLines(store));
      }
    }
    await also?.(client);
  });
  return runId(id);
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
      scored && JSON.stringify(totalsOf(scored.summary, scored.scores)),
      record.inputDigest,
      now(),
    ],
  );
}
