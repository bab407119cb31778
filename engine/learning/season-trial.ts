import { compressHistories, type Histories } from "../histories/histories.ts";
import { logLoss } from "../maths/likelihood-metrics.ts";
import { buyersOf, buyProbabilities } from "../models/history-rows.ts";
import { fitMbgNbd, type MbgNbd } from "../models/mbg-nbd.ts";
import { fitSeason } from "../models/season.ts";
import { timeScaleOf } from "../models/time-scale.ts";
import type { Past } from "./past-views.ts";

/** Log loss of MBG/NBD in one window of the past, in calendar and in operational time. */
export type SeasonTrial = { cutoffDay: number; plain: number; seasonal: number };

export type When = { asOfDay: number; horizonDays: number; firstDay: number };

/** Number of windows, half a horizon apart. */
const MAX_WINDOWS = 4;
const MIN_WINDOWS = 2;
/** A season is neither used nor tested before each month has been seen once. */
export const YEAR_DAYS = 365;
/** Above this many customers two windows are enough. */
const LARGE = 200_000;
/**
 * The season must lower log loss by `MIN_GAIN` on average, lower it in two of three windows, and
 * raise it in none by more than `MAX_LOSS`.
 */
const MIN_GAIN = 0.0005;
const MAX_LOSS = 0.002;

/** Tests a season on the windows before the as-of day, each from what was known before it. */
export function trySeason(past: Past, when: When): SeasonTrial[] {
  const { asOfDay, horizonDays, firstDay } = when;
  const most = past.purchases.customers > LARGE ? MIN_WINDOWS : MAX_WINDOWS;
  const trials: SeasonTrial[] = [];
  const step = Math.max(1, Math.round(horizonDays / 2));
  for (let cutoffDay = asOfDay - horizonDays; trials.length < most; cutoffDay -= step) {
    if (cutoffDay - firstDay < Math.max(horizonDays, YEAR_DAYS)) break;
    const { summary, outcomes } = past.view(cutoffDay, horizonDays);
    const near = past.near("mbg-nbd");
    const histories = compressHistories(summary);
    const model = fitMbgNbd(histories, { near });
    const season = fitSeason(past.purchases, cutoffDay, model);
    const timeScale = timeScaleOf(summary, cutoffDay, season);
    const inSeason = compressHistories(timeScale.summary);
    trials.push({
      cutoffDay,
      plain: lossOf(model, histories, {
        days: horizonDays,
        buyers: buyersOf(histories, summary, outcomes),
      }),
      seasonal: lossOf(fitMbgNbd(inSeason, { near }), inSeason, {
        days: timeScale.days(horizonDays),
        buyers: buyersOf(inSeason, timeScale.summary, outcomes),
      }),
    });
  }
  return trials;
}

/** Whether the trials are in favour of a season; never with fewer than two. */
export function seasonWins(trials: SeasonTrial[]): boolean {
  if (trials.length < MIN_WINDOWS) return false;
  const gains = trials.map(({ plain, seasonal }) => plain - seasonal);
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const won = gains.filter((gain) => gain > 0).length;
  return mean >= MIN_GAIN && 3 * won >= 2 * gains.length && Math.min(...gains) >= -MAX_LOSS;
}

function lossOf(
  model: MbgNbd,
  histories: Histories,
  { days, buyers }: { days: number; buyers: Float64Array },
): number {
  const probabilities = buyProbabilities(model, histories, days);
  return logLoss(probabilities, { weight: histories.weight, buyers });
}
