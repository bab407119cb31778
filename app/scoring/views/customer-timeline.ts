import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { scoreWith } from "#app/scoring/evaluation/evaluate.ts";
import type { Purchases, StoreFit } from "#engine";

/** First and last day, ISO dates. */
export type Span = { from: string; to: string };

/** The likelihood as it was scored for a day, as one row of the kept scores. */
export type KeptLikelihood = {
  /** The day of the scoring, ISO date. */
  on: string;
  probability: number;
  /** From a reconstructed week. */
  reconstructed: boolean;
};

/** A purchase day, or a month of them where there are too many to tell apart. */
export type TimelinePurchase = { day: string; amountMinor: number; purchaseDays: number };

/** The customer's purchases and likelihood over time, and when the next order is expected. */
export type Timeline = Span & {
  today: string;
  by: "day" | "month";
  /** Oldest first. */
  purchases: TimelinePurchase[];
  /** Purchase days before the timeline begins. */
  earlier: number;
  /** Oldest first; only days on which the customer was not new. */
  likelihood: KeptLikelihood[];
  /** The next order; null when none is expected, or for a first-time customer. */
  expected: Span | null;
  /** When the next order was expected, if that is over. */
  passed: Span | null;
};

export type TimelineSources = {
  /** Of this customer alone. */
  purchases: Purchases;
  likelihood: KeptLikelihood[];
  expected: Span | null;
  fit: StoreFit;
  /** Whether the customer is new: then nothing is expected. */
  fresh: boolean;
  /** Whether the last order is within the customer's rhythm: then the next one is not late. */
  inRhythm: boolean;
  /** ISO date in the shop's time zone. */
  today: string;
};

const LONGEST_DAYS = 730;
/** More dots than this cannot be told apart on a phone. */
const MOST_DOTS = 40;
/** Days that are left free at both ends, so that no mark is cut. */
const MARGIN_DAYS = 3;

/** Builds the timeline of one customer; null without a counted order. */
export function timelineOf(sources: TimelineSources): Timeline | null {
  const { purchases, today } = sources;
  const last = purchases.day.at(-1);
  if (last === undefined) return null;
  const now = dayNumber(today);
  const begin = Math.max(purchases.day[0], Math.min(now - LONGEST_DAYS, last));
  const days = [...purchases.day].flatMap((day, row) =>
    day < begin ? [] : [{ day: isoDay(day), amountMinor: purchases.amount[row], purchaseDays: 1 }],
  );
  const many = days.length > MOST_DOTS;
  const { expected, passed } = sources.fresh ? NOTHING : windowsOf(sources, last);
  const ends = [today, isoDay(last), expected?.to, passed?.to].flatMap((day) => day ?? []).sort();
  return {
    from: isoDay(begin - MARGIN_DAYS),
    to: isoDay(dayNumber(ends.at(-1) ?? today) + MARGIN_DAYS),
    today,
    by: many ? "month" : "day",
    purchases: many ? byMonth(days) : days,
    earlier: purchases.day.length - days.length,
    likelihood: sources.likelihood.filter(({ on }) => dayNumber(on) >= begin),
    expected,
    passed,
  };
}

const NOTHING = { expected: null, passed: null };

type Windows = Pick<Timeline, "expected" | "passed">;

/**
 * The window of the next order, and the one that followed from the last order alone if it is over.
 * A window of the last scoring that is over was passed too: scoring has stopped since.
 */
function windowsOf(sources: TimelineSources, last: number): Windows {
  const { purchases, expected, fit, inRhythm, today } = sources;
  if (expected !== null && expected.to < today) return { expected: null, passed: expected };
  if (inRhythm) return { expected, passed: null };
  const { nextOrderFromDay, nextOrderToDay } = scoreWith(fit, purchases, last + 1).scores;
  const [from = -1, to = -1] = [nextOrderFromDay[0], nextOrderToDay[0]];
  const over = from >= 0 && to < dayNumber(today);
  return { expected, passed: over ? { from: isoDay(from), to: isoDay(to) } : null };
}

/** Sums by calendar month, each at the middle of its purchase days. */
function byMonth(days: TimelinePurchase[]): TimelinePurchase[] {
  const months = new Map<string, TimelinePurchase[]>();
  for (const purchase of days) {
    const month = purchase.day.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), purchase]);
  }
  return [...months.values()].map((ofMonth) => ({
    day: ofMonth[ofMonth.length >> 1].day,
    amountMinor: ofMonth.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    purchaseDays: ofMonth.length,
  }));
}
