import { fitCandidate, type Candidate } from "./candidates.ts";
import type { Likelihood } from "./forecast.ts";
import { frameOf, type Frame } from "./frame.ts";
import { compressHistories, type Histories } from "./histories.ts";
import { fitMbgNbd } from "./mbg-nbd.ts";
import { outcomesOf, type Outcomes } from "./outcomes.ts";
import type { When } from "./season-trial.ts";
import { fitSeason } from "./season.ts";
import { buyersOf, buyProbabilities } from "./history-rows.ts";
import { summarize, type Purchases, type Summary } from "./summary.ts";

/** What was known before a window of the store's own past, and what happened in it. */
export type PastWindow = {
  cutoffDay: number;
  horizonDays: number;
  /** Every customer known at the cut-off, in calendar days, and what each did in the window. */
  summary: Summary;
  outcomes: Outcomes;
  /** The time the models run in, and how many of its days the window takes. */
  frame: Frame;
  ahead: number;
  /** The same customers in the frame's time, of a large store a sample; and who bought of them. */
  histories: Histories;
  buyers: Float64Array;
  /** A model fitted to what was known, and what it said of each row; each made once. */
  fit: (candidate: Candidate) => Likelihood;
  probabilities: (candidate: Candidate) => Float64Array;
};

/** Windows lie half a horizon apart: they overlap, and still see other days. */
const MOST = 4;
/** In a store this large fewer windows say as much, and a sample of its customers is enough. */
export const LARGE = 200_000;
const MOST_LARGE = 3;
const SAMPLE = 100_000;

/** The store's windows of the horizon's length, newest first, each with as much history before it. */
export function pastWindows(purchases: Purchases, when: When, seasonal: boolean): PastWindow[] {
  const { asOfDay, horizonDays, firstDay } = when;
  const most = purchases.customers > LARGE ? MOST_LARGE : MOST;
  const step = Math.max(1, Math.round(horizonDays / 2));
  const windows: PastWindow[] = [];
  for (let cutoffDay = asOfDay - horizonDays; windows.length < most; cutoffDay -= step) {
    if (cutoffDay - firstDay < horizonDays) break;
    windows.push(windowAt(purchases, { cutoffDay, horizonDays, seasonal }));
  }
  return windows;
}

export type WindowPlace = { cutoffDay: number; horizonDays: number; seasonal: boolean };

export function windowAt(purchases: Purchases, place: WindowPlace): PastWindow {
  const { cutoffDay, horizonDays, seasonal } = place;
  const summary = summarize(purchases, cutoffDay);
  const outcomes = outcomesOf(purchases, summary, [cutoffDay, cutoffDay + horizonDays]);
  const season = seasonal
    ? fitSeason(purchases, cutoffDay, fitMbgNbd(compressHistories(summary)))
    : null;
  const frame = frameOf(summary, cutoffDay, season);
  const ahead = frame.days(horizonDays);
  const all = compressHistories(frame.summary);
  const step = all.customers > LARGE ? Math.floor(all.customers / SAMPLE) : 1;
  const { histories, buyers } = thinned(all, buyersOf(all, frame.summary, outcomes), step);
  const fit = once((candidate: Candidate) => fitCandidate(candidate, histories));
  const probabilities = once((candidate: Candidate) =>
    buyProbabilities(fit(candidate), histories, ahead),
  );
  const known = { cutoffDay, horizonDays, summary, outcomes, frame, ahead };
  return { ...known, histories, buyers, fit, probabilities };
}

/** Buyers, or others where these are fewer: how much a window can say. */
export function fewerOf({ outcomes }: PastWindow): number {
  return Math.min(outcomes.buyers, outcomes.customers - outcomes.buyers);
}

function once<T>(make: (candidate: Candidate) => T): (candidate: Candidate) => T {
  const known = new Map<Candidate, T>();
  return (candidate) => {
    const value = known.get(candidate) ?? make(candidate);
    known.set(candidate, value);
    return value;
  };
}

/**
 * Every so manieth customer in the order of the rows, buyers and others apart. Rows are sorted by
 * value, so the sample is the same in whatever order customers came, and even over all histories.
 */
function thinned(histories: Histories, buyers: Float64Array, step: number) {
  if (step < 2) return { histories, buyers };
  const { rows, weight } = histories;
  const bought = everyNth(buyers, step);
  const others = everyNth(
    weight.map((customers, row) => customers - buyers[row]),
    step,
  );
  const kept = Uint32Array.from({ length: rows }, (_, row) => row).filter(
    (row) => bought[row] + others[row] > 0,
  );
  const pick = (values: Int32Array) => Int32Array.from(kept, (row) => values[row]);
  const sample = Float64Array.from(kept, (row) => bought[row] + others[row]);
  return {
    histories: {
      rows: kept.length,
      frequency: pick(histories.frequency),
      recencyDays: pick(histories.recencyDays),
      ageDays: pick(histories.ageDays),
      weight: sample,
      customers: sample.reduce((sum, customers) => sum + customers, 0),
    },
    buyers: Float64Array.from(kept, (row) => bought[row]),
  };
}

function everyNth(counts: Float64Array, step: number): Float64Array {
  let seen = 0;
  return counts.map((count) => {
    const before = Math.floor(seen / step);
    seen += count;
    return Math.floor(seen / step) - before;
  });
}
