import { compressHistories, type Histories } from "../histories/histories.ts";
import { logLoss } from "../maths/likelihood-metrics.ts";
import { frameOf } from "../models/frame.ts";
import { buyersOf, buyProbabilities } from "../models/history-rows.ts";
import { fitMbgNbd, type MbgNbd } from "../models/mbg-nbd.ts";
import { fitSeason } from "../models/season.ts";
import type { Past } from "./past.ts";

/** Log loss of MBG/NBD in one window of the past, in calendar and in operational time. */
export type SeasonTrial = { cutoffDay: number; plain: number; seasonal: number };

export type When = { asOfDay: number; horizonDays: number; firstDay: number };

/** Half a horizon lies between two windows: they overlap, and still see other months. */
const MAX_WINDOWS = 4;
const MIN_WINDOWS = 2;
/**
 * Of a year that has not been seen whole nothing is said: a season is neither used nor judged before
 * each month has been seen once.
 */
export const YEAR_DAYS = 365;
/** In stores this large two windows say enough. */
const LARGE = 200_000;
/** On the mean of the windows season must gain this much, gain in most, and lose in none much. */
const MIN_GAIN = 0.0005;
const MAX_LOSS = 0.002;

/** Tries a season on the windows before the as-of day, each with what was known before it. */
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
    const frame = frameOf(summary, cutoffDay, season);
    const inSeason = compressHistories(frame.summary);
    trials.push({
      cutoffDay,
      plain: lossOf(model, histories, {
        days: horizonDays,
        buyers: buyersOf(histories, summary, outcomes),
      }),
      seasonal: lossOf(fitMbgNbd(inSeason, { near }), inSeason, {
        days: frame.days(horizonDays),
        buyers: buyersOf(inSeason, frame.summary, outcomes),
      }),
    });
  }
  return trials;
}

/** Whether the trials speak for the season: in a store with few windows they cannot. */
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
