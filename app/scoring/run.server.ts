import type pg from "pg";

import { now } from "#app/clock.server.ts";
import { pool, prisma } from "#app/db.server.ts";
import type { RunId, ShopDomain } from "#app/ids.ts";
import { enqueue } from "#app/jobs/queue.server.ts";
import { setProgress } from "#app/jobs/progress.server.ts";
import { loadPurchases } from "#app/orders/purchases.server.ts";
import { digest, horizons, type Purchases, type RuleCode } from "#engine";

import { asOfDayAt, dayNumber } from "./days.ts";
import { evaluate, settledFrom, type Evaluation } from "./evaluate.ts";
import { saveRuns, type RunRecord } from "./save.server.ts";
import { readStandings } from "./standings.server.ts";
import { RECONSTRUCTED_WEEKS, weeksToReconstruct } from "./weeks.ts";

export type ScoringOutcome =
  | { kind: "scored"; runId: RunId; customers: number }
  | { kind: "refused"; runId: RunId; unmet: RuleCode[] };

export type ScoringOptions = {
  /** Scores use orders of days before this one; tomorrow in the shop's time zone by default. */
  asOf?: string;
  /** Aborted when the worker is to stop: the work ends between two runs. */
  signal?: AbortSignal;
};

/** What stays the same for all runs of one piece of work. */
type Context = Omit<RunRecord, keyof Evaluation> & {
  purchases: Purchases;
  fullHistory: boolean;
  signal: AbortSignal | undefined;
};

/**
 * Scores every customer of a shop from its stored orders, or records why not.
 *
 * May be stopped and run again at any point: each run is saved whole or not at
 * all, the current one first, then the thirteen weeks before the first scoring.
 */
export async function runScoring(
  shop: ShopDomain,
  options: ScoringOptions = {},
): Promise<ScoringOutcome> {
  const { fullHistory, timeZone } = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  const asOfDay = options.asOf ? dayNumber(options.asOf) : asOfDayAt(now(), timeZone);
  await setProgress(shop, "score", { state: "running", done: 0, total: null });

  const loaded = await loadPurchases(shop);
  const inputDigest = digest(loaded.purchases);
  const context: Context = { ...loaded, shop, inputDigest, fullHistory, signal: options.signal };
  const day = { asOfDay, reconstructed: false };
  const before = await readStandings(shop, loaded.customerIds, day);
  const current = evaluate(loaded.purchases, before, { ...day, fullHistory });
  const [saved] = await saveRuns([recordOf(context, current)], pushOf(context));
  const id = current.scored ? ((await reconstruct(context, current)) ?? saved) : saved;
  const steps = current.scored ? 1 + RECONSTRUCTED_WEEKS : 1;
  await setProgress(shop, "score", { state: "done", done: steps, total: steps });

  if (current.scored) {
    return { kind: "scored", runId: id, customers: current.scored.summary.customers };
  }
  const unmet = current.rules.filter((rule) => !rule.passed).map((rule) => rule.code);
  return { kind: "refused", runId: id, unmet };
}

/** Asks for a write, when there is something to write and the merchant has agreed to it. */
function pushOf({ shop }: Context) {
  return async (client: pg.PoolClient): Promise<void> => {
    if (await isAgreed(client, shop)) await enqueue("writeback.push", { shop }, { client });
  };
}

/** Whether scores are there, and the merchant has agreed to their being written. */
async function isAgreed(client: pg.Pool | pg.PoolClient, shop: ShopDomain): Promise<boolean> {
  const { rows } = await client.query<{ agreed: boolean }>(
    `SELECT writing_agreed_at IS NOT NULL AND EXISTS (SELECT 1 FROM scores WHERE shop = $1)
            AS agreed FROM shops WHERE shop = $1`,
    [shop],
  );
  return rows[0]?.agreed ?? false;
}

function recordOf(
  { shop, customerIds, basis, inputDigest }: Context,
  evaluation: Evaluation,
): RunRecord {
  return { ...evaluation, shop, customerIds, basis, inputDigest };
}

/**
 * Scores the weeks before the shop's first scoring with what was known then, each with the horizon
 * of today so that the weeks can be compared, and each customer's tier following from the week
 * before. With the last of them the first scoring, which had no week before it, is settled anew;
 * not when its tiers are being written already, since what others read must not move without cause.
 *
 * @returns the run that replaces the current one, if there is one
 */
async function reconstruct(context: Context, current: Evaluation): Promise<RunId | null> {
  const { shop, purchases, customerIds, fullHistory } = context;
  const { firstAsOf, done } = await readWeeks(shop);
  const weeks = weeksToReconstruct(firstAsOf, done);
  if (weeks.length === 0) return null;
  const horizonDays = horizons.find((known) => known === current.horizonDays);
  let before = await readStandings(shop, customerIds, {
    asOfDay: weeks[0] - 1,
    reconstructed: true,
  });
  let replaced: RunId | null = null;
  for (const [index, asOfDay] of weeks.entries()) {
    context.signal?.throwIfAborted();
    await setProgress(shop, "score", {
      state: "running",
      done: 1 + RECONSTRUCTED_WEEKS - weeks.length + index,
      total: 1 + RECONSTRUCTED_WEEKS,
    });
    const options = { asOfDay, reconstructed: true, fullHistory, horizonDays };
    const week = evaluate(purchases, before, options);
    before = week.scored?.standings ?? before;
    const record = recordOf(context, week);
    const last = index === weeks.length - 1 && current.asOfDay === firstAsOf;
    if (!last || (await isAgreed(pool, shop))) {
      await saveRuns([record]);
      continue;
    }
    const settled = recordOf(context, settledFrom(current, before));
    [, replaced] = await saveRuns([record, settled], pushOf(context));
  }
  return replaced;
}

async function readWeeks(shop: ShopDomain): Promise<{ firstAsOf: number; done: number[] }> {
  const { rows } = await pool.query<{ as_of: string; reconstructed: boolean }>(
    `SELECT as_of::text, reconstructed FROM scoring_runs
      WHERE shop = $1 AND (reconstructed OR outcome = 'scored') ORDER BY as_of`,
    [shop],
  );
  const first = rows.find((row) => !row.reconstructed);
  if (!first) throw new Error(`${shop} has no scoring to reconstruct the weeks before`);
  const done = rows.filter((row) => row.reconstructed).map((row) => dayNumber(row.as_of));
  return { firstAsOf: dayNumber(first.as_of), done };
}
