import { now } from "#app/clock.server.ts";
import { pool, prisma } from "#app/db.server.ts";
import type { RunId, ShopDomain } from "#app/ids.ts";
import { enqueue } from "#app/jobs/queue.server.ts";
import { setProgress } from "#app/jobs/progress.server.ts";
import { loadPurchases } from "#app/orders/purchases.server.ts";
import {
  digest,
  fitStore,
  horizons,
  scoreStore,
  summarize,
  type HorizonDays,
  type RuleCode,
} from "#engine";

import { asOfDayAt, dayNumber } from "./days.ts";
import { saveRun, type RunRecord } from "./save.server.ts";
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

type Loaded = Awaited<ReturnType<typeof loadPurchases>> & { inputDigest: string };
type ShopFacts = { shop: ShopDomain; fullHistory: boolean; signal?: AbortSignal | undefined };
type AsOf = { asOfDay: number; reconstructed: boolean; horizonDays?: HorizonDays | undefined };

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
  const row = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  const facts = { shop, fullHistory: row.fullHistory };
  const asOfDay = options.asOf ? dayNumber(options.asOf) : asOfDayAt(now(), row.timeZone);
  await setProgress(shop, "score", { state: "running", done: 0, total: null });

  const purchases = await loadPurchases(shop);
  const loaded = { ...purchases, inputDigest: digest(purchases.purchases) };
  const current = evaluate(facts, loaded, { asOfDay, reconstructed: false });
  const id = await saveRun(current, async (client) => {
    if (current.scored && row.writingAgreedAt) {
      await enqueue("writeback.push", { shop }, { client });
    }
  });
  if (current.scored) {
    const { horizonDays } = current.scored.fit;
    await reconstruct({ ...facts, signal: options.signal }, loaded, horizonDays);
  }
  const steps = current.scored ? 1 + RECONSTRUCTED_WEEKS : 1;
  await setProgress(shop, "score", { state: "done", done: steps, total: steps });

  if (current.scored) {
    return { kind: "scored", runId: id, customers: current.scored.summary.customers };
  }
  const unmet = current.rules.filter((rule) => !rule.passed).map((rule) => rule.code);
  return { kind: "refused", runId: id, unmet };
}

/** Gate, fit and scores as of one day; purchases of that day and later are unseen. */
function evaluate(facts: ShopFacts, loaded: Loaded, asOf: AsOf): RunRecord {
  const { purchases, customerIds, basis, inputDigest } = loaded;
  const { asOfDay, reconstructed, horizonDays } = asOf;
  const summary = summarize(purchases, asOfDay);
  const result = fitStore(summary, purchases, {
    asOfDay,
    fullHistory: facts.fullHistory,
    ...(horizonDays === undefined ? {} : { horizonDays }),
  });
  return {
    shop: facts.shop,
    asOfDay,
    reconstructed,
    horizonDays: result.kind === "fitted" ? result.fit.horizonDays : result.horizonDays,
    rules: result.rules,
    basis,
    inputDigest,
    customerIds,
    scored:
      result.kind === "fitted"
        ? { fit: result.fit, summary, scores: scoreStore(summary, result.fit) }
        : null,
  };
}

/**
 * Scores the weeks before the shop's first scoring with what was known then, each
 * with the horizon of today so that the weeks can be compared.
 */
async function reconstruct(facts: ShopFacts, loaded: Loaded, horizonDays: number): Promise<void> {
  const { firstAsOf, done } = await readWeeks(facts.shop);
  const weeks = weeksToReconstruct(firstAsOf, done);
  const horizon = horizons.find((known) => known === horizonDays);
  for (const [index, asOfDay] of weeks.entries()) {
    facts.signal?.throwIfAborted();
    await setProgress(facts.shop, "score", {
      state: "running",
      done: 1 + RECONSTRUCTED_WEEKS - weeks.length + index,
      total: 1 + RECONSTRUCTED_WEEKS,
    });
    await saveRun(evaluate(facts, loaded, { asOfDay, reconstructed: true, horizonDays: horizon }));
  }
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
