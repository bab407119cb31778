import { inTransaction } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import type { Evaluator } from "#app/scoring/evaluation/evaluation.server.ts";
import {
  readDueWeeks,
  readShownScores,
  saveJudgement,
} from "#app/scoring/store/judgements.server.ts";

type Judging = {
  shop: ShopDomain;
  /** By customer index of the evaluator's purchases. */
  customerIds: readonly string[];
  evaluator: Evaluator;
  signal: AbortSignal | undefined;
};

/**
 * Compares the scores kept of earlier weeks with what the customers did, if their horizon is over.
 * Each week is judged once, as soon as it can be; may be stopped and called again at any point.
 *
 * @param asOfDay of the run whose purchases the evaluator has: the day before it may not be over
 */
export async function judgeWeeks(
  { shop, customerIds, evaluator, signal }: Judging,
  asOfDay: number,
): Promise<void> {
  const weeks = await readDueWeeks(shop, asOfDay - 1);
  for (const week of weeks) {
    signal?.throwIfAborted();
    const of = { shop, customerIds, asOfDay: week.asOfDay };
    const scores = await inTransaction((client) => readShownScores(client, of));
    if (scores.summary.customers === 0) continue;
    const { horizonDays } = week;
    const judgement = await evaluator.judge({ asOfDay: week.asOfDay, horizonDays, scores });
    await saveJudgement(shop, week, judgement);
  }
  if (weeks.length > 0) log.info({ shop, weeks: weeks.length }, "judged earlier weeks");
}
