import { compressHistories, type Histories } from "../histories/histories.ts";
import type { Summary } from "../histories/summary.ts";
import { traced } from "../histories/traces.ts";
import { type Candidate, fitCandidate } from "../models/candidates.ts";
import type { Likelihood } from "../models/forecast.ts";
import { buyersOf, buyProbabilities, ordersOf, rowsOf } from "../models/history-rows.ts";
import { fitMbgNbd } from "../models/mbg-nbd.ts";
import { fitSeason, type Season } from "../models/season.ts";
import { type TimeScale, timeScaleOf } from "../models/time-scale.ts";
import { fitSpend, meanSpend } from "../spend/mean-spend.ts";
import type { Past, View } from "./past-views.ts";
import { type When, YEAR_DAYS } from "./season-trial.ts";

/** A window of the store's past: what was known before it, and what happened in it. */
export type PastWindow = View & {
  /** The models' time scale, and the length of the window on it, in days. */
  season: Season | null;
  timeScale: TimeScale;
  ahead: number;
  /**
   * The same customers on that time scale, as rows of equal history; and the buyers in each row.
   */
  histories: Histories;
  rowBuyers: Float64Array;
  /**
   * The row of each customer of the summary. This and the following are computed once, when needed.
   */
  rowOf: () => Int32Array;
  /** The summary with its traces. */
  traced: () => Summary;
  /** A model fitted to what was known, and its predictions for each row. */
  fit: (candidate: Candidate) => Likelihood;
  probabilities: (candidate: Candidate) => Float64Array;
  orders: (candidate: Candidate) => Float64Array;
  /** Expected spend per purchase of each customer of the summary. */
  meanSpend: () => Float64Array;
};

/** Most windows of a store. They lie half a horizon apart, so they overlap. */
const MOST = 6;
/** Above this many customers fewer windows and models are enough. */
export const LARGE = 200_000;
const MOST_LARGE = 3;

/**
 * The store's windows of the horizon's length, newest first, each with at least as much history
 * before it.
 */
export function pastWindows(past: Past, when: When, seasonal: boolean): PastWindow[] {
  const { asOfDay, horizonDays, firstDay } = when;
  const most = past.purchases.customers > LARGE ? MOST_LARGE : MOST;
  const step = Math.max(1, Math.round(horizonDays / 2));
  const windows: PastWindow[] = [];
  for (let cutoffDay = asOfDay - horizonDays; windows.length < most; cutoffDay -= step) {
    if (cutoffDay - firstDay < horizonDays) break;
    windows.push(windowAt(past, { cutoffDay, horizonDays, firstDay, seasonal }));
  }
  return windows;
}

export type WindowPlace = {
  cutoffDay: number;
  horizonDays: number;
  firstDay: number;
  /** Whether models run in operational time, from a full year of history on. */
  seasonal: boolean;
};

export function windowAt(past: Past, place: WindowPlace): PastWindow {
  const { cutoffDay, horizonDays } = place;
  const view = past.view(cutoffDay, horizonDays);
  const { summary, outcomes } = view;
  const season =
    place.seasonal && cutoffDay - place.firstDay >= YEAR_DAYS
      ? fitSeason(
          past.purchases,
          cutoffDay,
          fitMbgNbd(compressHistories(summary), { near: past.near("mbg-nbd") }),
        )
      : null;
  const timeScale = timeScaleOf(summary, cutoffDay, season);
  const ahead = timeScale.days(horizonDays);
  const histories = compressHistories(timeScale.summary);
  const rowBuyers = buyersOf(histories, timeScale.summary, outcomes);
  const fit = once((candidate: Candidate) =>
    fitCandidate(candidate, histories, past.near(candidate)),
  );
  const probabilities = once((candidate: Candidate) =>
    buyProbabilities(fit(candidate), histories, ahead),
  );
  const orders = once((candidate: Candidate) => ordersOf(fit(candidate), histories, ahead));
  return {
    ...view,
    ...{ season, timeScale, ahead, histories, rowBuyers, fit, probabilities, orders },
    rowOf: lazily(() => rowsOf(histories, timeScale.summary)),
    traced: lazily(() => traced(past.purchases, summary, { asOfDay: cutoffDay, horizonDays })),
    meanSpend: lazily(() => meanSpends(summary)),
  };
}

/** The smaller of the numbers of buyers and non-buyers: how informative a window is. */
export function fewerOf({ outcomes }: PastWindow): number {
  return Math.min(outcomes.buyers, outcomes.customers - outcomes.buyers);
}

/**
 * The windows that ended before a day, newest first: those that may be learned from on that day.
 */
export function endedBefore(windows: PastWindow[], day: number): PastWindow[] {
  return windows.filter(({ cutoffDay, horizonDays }) => cutoffDay + horizonDays <= day);
}

function meanSpends(summary: Summary): Float64Array {
  const spend = fitSpend(summary);
  return summary.meanSpend.map((mean, i) => meanSpend(spend, summary.frequency[i] + 1, mean));
}

function once<Key, T>(make: (candidate: Key) => T): (candidate: Key) => T {
  const known = new Map<Key, T>();
  return (candidate) => {
    const value = known.get(candidate) ?? make(candidate);
    known.set(candidate, value);
    return value;
  };
}

function lazily<T>(make: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= make());
}
