import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { asOfDayAt, dayNumber, isoDay } from "#app/lib/calendar.ts";
import { now } from "#app/lib/clock.server.ts";
import { inTransaction, pool, prisma } from "#app/lib/db.server.ts";
import type { RunId, ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { loadPurchases } from "#app/orders/purchases/purchase-days.server.ts";
import { setProgress } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import type { Evaluation } from "#app/scoring/evaluation/evaluate.ts";
import { type Evaluator, openEvaluator } from "#app/scoring/evaluation/evaluation.server.ts";
import { removeExcludedScores } from "#app/scoring/exclusion/exclusion.server.ts";
import { readTiersOfWeek } from "#app/scoring/store/current-tiers.server.ts";
import { forgetPending } from "#app/scoring/store/pending-writes.server.ts";
import { pruneScores } from "#app/scoring/store/retention.server.ts";
import { type RunRecord, saveRun, saveWeek } from "#app/scoring/store/save-run.server.ts";
import {
  readScoringSettings,
  type ScoringSettings,
} from "#app/scoring/store/scoring-settings.server.ts";
import { digest, horizons, type RuleCode } from "#engine";

import { areTiersOther } from "./apply-tier-options.server.ts";
import { enqueueWrite, isWriteDue } from "./enqueue-write.server.ts";
import { judgeWeeks } from "./judge-weeks.server.ts";
import { rescore, takeMarked } from "./rescore.server.ts";
import { markInputScored, readRunInput, type RunInput } from "./run-input.server.ts";
import { RECONSTRUCTED_WEEKS, weeksToReconstruct } from "./weeks.ts";

export type ScoringOutcome =
  | { kind: "scored"; runId: RunId; customers: number }
  | { kind: "refused"; runId: RunId; unmet: RuleCode[] };

export type ScoringOptions = {
  /** Scores use orders of days before this one; tomorrow in the shop's time zone by default. */
  asOf?: string;
  /** How many weeks before the first scoring are reconstructed; thirteen by default. */
  weeks?: number;
  /** Aborts the computation when the worker stops. */
  signal?: AbortSignal;
};

/** What all runs of one job share. */
type Context = Omit<RunRecord, keyof Evaluation> & {
  /** The as-of day is final: it may be in the past and is not moved to today. */
  isDayFixed: boolean;
  seen: RunInput;
  evaluator: Evaluator;
  fullHistory: boolean;
  weeks: number;
  settings: ScoringSettings;
  signal: AbortSignal | undefined;
};

/**
 * Scores all customers of a shop from its stored orders, or records the gate's refusal.
 *
 * May be stopped and called again at any point: each run is saved in one transaction, the current
 * one first, then the weeks before the first scoring.
 */
export async function runScoring(
  shop: ShopDomain,
  options: ScoringOptions = {},
): Promise<ScoringOutcome> {
  const { signal, weeks = RECONSTRUCTED_WEEKS } = options;
  const { fullHistory, timeZone } = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  const settings = await readScoringSettings(shop);
  const asOfDay = options.asOf ? dayNumber(options.asOf) : asOfDayAt(now(), timeZone);
  await setProgress(shop, "score", { state: "running", done: 0, total: null });

  const startedAt = performance.now();
  const seen = await readRunInput(shop);
  const { purchases, ...loaded } = await loadPurchases(shop);
  const inputDigest = digest(purchases);
  const readMs = Math.round(performance.now() - startedAt);
  log.info({ shop, customers: purchases.customers, readMs }, "read purchases");
  const evaluator = openEvaluator(purchases, signal);
  try {
    const how = { fullHistory, weeks, settings, signal };
    const context = { ...loaded, ...how, shop, seen, inputDigest, evaluator };
    let day = asOfDay;
    let isDayFixed = options.asOf !== undefined;
    for (;;) {
      const outcome = await score({ ...context, isDayFixed }, day);
      if (outcome !== null) return outcome;
      const today = asOfDayAt(now(), timeZone);
      // After a change of the time zone, today may be earlier than that day: then it is kept.
      isDayFixed = today <= day;
      day = Math.max(day, today);
    }
  } finally {
    await evaluator.close();
  }
}

/** @returns null, without saving, when the day was over before the run ended */
async function score(context: Context, asOfDay: number): Promise<ScoringOutcome | null> {
  const { shop, evaluator, fullHistory, settings } = context;
  const startedAt = performance.now();
  const options = { ...settings, asOfDay, reconstructed: false, fullHistory };
  const current = await evaluator.evaluate(options);
  const computedAt = performance.now();
  const saved = await inTransaction((client) => keepRun(client, context, { current }));
  if (saved === null) {
    log.info({ shop, asOfDay }, "the day was over before the scoring ended");
    return null;
  }
  const [computeMs, saveMs] = [computedAt - startedAt, performance.now() - computedAt];
  log.info(
    { shop, computeMs: Math.round(computeMs), saveMs: Math.round(saveMs) },
    current.result ? "scored" : "refused to score",
  );
  const id = current.result ? ((await reconstruct(context, current)) ?? saved) : saved;
  await judgeWeeks(context, asOfDay);
  await pruneScores(shop, context.signal);
  const steps = current.result ? 1 + context.weeks : 1;
  await setProgress(shop, "score", { state: "done", done: steps, total: steps });

  if (current.result) {
    return { kind: "scored", runId: id, customers: current.result.summary.customers };
  }
  const unmet = current.rules.filter((rule) => !rule.passed).map((rule) => rule.code);
  return { kind: "refused", runId: id, unmet };
}

/**
 * Saves the current run and rescores the customers marked meanwhile in the same transaction, so
 * that no tier falls back to the state before an order.
 *
 * @returns null, without saving, when customers were rescored as of a later day meanwhile: their
 * tiers were computed from those before that day, so a run inserted before it would come too late
 */
async function keepRun(
  client: pg.PoolClient,
  context: Context,
  { current, followsWeeks }: { current: Evaluation; followsWeeks?: boolean },
): Promise<RunId | null> {
  const { shop, seen, isDayFixed } = context;
  await takeLock(client, "scores", shop);
  if (!isDayFixed && (await isOvertaken(client, shop, current.asOfDay))) return null;
  await markInputScored(client, shop, seen);
  const marked = await takeMarked(client, shop);
  const changing = marked.marks.map(({ customerId }) => customerId).sort();
  const id = await saveRun(client, recordOf(context, current), { followsWeeks, changing });
  await forgetPending(client, shop);
  await rescore(client, marked);
  await removeExcludedScores(client, shop);
  await enqueueWrite(client, shop);
  // The merchant chose other tiers while this run was computed.
  if (await areTiersOther(shop, client)) await enqueue("scoring.rescore", { shop }, { client });
  return id;
}

async function isOvertaken(
  client: pg.PoolClient,
  shop: ShopDomain,
  asOfDay: number,
): Promise<boolean> {
  const { rowCount } = await client.query(
    "select 1 from score_updates where shop = $1 and as_of > $2 limit 1",
    [shop, isoDay(asOfDay)],
  );
  return rowCount !== 0;
}

function recordOf(
  { shop, customerIds, basis, inputDigest }: Context,
  evaluation: Evaluation,
): RunRecord {
  return { ...evaluation, shop, customerIds, basis, inputDigest };
}

/**
 * Scores the weeks before the shop's first scoring with what was known then. Each uses today's
 * horizon, so that weeks can be compared, and each tier follows from the week before. After the
 * last week the first scoring, which had no previous tiers, is saved again with them; not if its
 * tiers are being written already, since what others read must not change without cause.
 *
 * @returns the run that replaces the current one, if any
 */
async function reconstruct(context: Context, current: Evaluation): Promise<RunId | null> {
  const { shop, evaluator, customerIds, fullHistory, settings } = context;
  const { firstAsOf, done } = await readWeeks(shop);
  const weeks = weeksToReconstruct(context.weeks, firstAsOf, done);
  if (weeks.length === 0) return null;
  const horizonDays = horizons.find((known) => known === current.horizonDays);
  let before = await inTransaction((client) =>
    readTiersOfWeek(client, { shop, customerIds, few: false }, weeks[0]),
  );
  for (const [index, asOfDay] of weeks.entries()) {
    context.signal?.throwIfAborted();
    await setProgress(shop, "score", {
      state: "running",
      done: 1 + context.weeks - weeks.length + index,
      total: 1 + context.weeks,
    });
    const options = { ...settings, asOfDay, reconstructed: true, fullHistory, horizonDays };
    const week = recordOf(context, await evaluator.evaluate(options));
    const last = index === weeks.length - 1 && current.asOfDay === firstAsOf;
    const kept = await inTransaction(async (client) => {
      await takeLock(client, "scores", shop);
      const currentTiers = await saveWeek(client, week, before);
      await removeExcludedScores(client, shop);
      if (!last || (await isWriteDue(client, shop))) return { currentTiers, replaced: null };
      const replaced = await keepRun(client, context, { current, followsWeeks: true });
      return { currentTiers, replaced };
    });
    if (last) return kept.replaced;
    before = kept.currentTiers;
  }
  return null;
}

async function readWeeks(shop: ShopDomain): Promise<{ firstAsOf: number; done: number[] }> {
  const { rows } = await pool.query<{ as_of: string; reconstructed: boolean }>(
    `select as_of::text, reconstructed from scoring_runs
      where shop = $1 and (reconstructed or outcome = 'scored') order by as_of`,
    [shop],
  );
  const first = rows.find((row) => !row.reconstructed);
  if (!first) throw new Error(`${shop} has no scoring to reconstruct the weeks before`);
  const done = rows.filter((row) => row.reconstructed).map((row) => dayNumber(row.as_of));
  return { firstAsOf: dayNumber(first.as_of), done };
}
