import { isoDay } from "#app/lib/calendar.ts";
import {
  ABSENT,
  type CurrentTiers,
  directionOf,
  movedFrom,
} from "#app/scoring/evaluation/current-tiers.ts";
import { type Axis, type Scores, type Summary, tiers } from "#engine";

import { addMove, type Moves } from "./moves.ts";
import { shareWithin, yearly } from "./wait.ts";

export const CALENDAR_WEEKS = 12;
const WEEK_DAYS = 7;
const NEW = tiers.indexOf("new");

/** A sum over independent customers. */
export type Expected = { mean: number; variance: number };

/** What is expected of a week's days, of the customers who are expected back. */
export type ExpectedWeek = {
  /** Its first day, ISO date. */
  from: string;
  /** Customers whose next order comes in it. */
  customers: Expected;
  /** The spend of these orders, minor units. */
  spend: Expected;
};

/** What a run says about the days behind and ahead. */
export type Outlook = {
  /** From the as-of day on. */
  weeks: ExpectedWeek[];
  /** Of the seven days up to the as-of day; null where nobody had a tier before. */
  moved: Record<Axis, Moves> | null;
  /** Customers whose window of the next order has a day of the first week. */
  due: number;
};

/** Amounts are minor units. */
export type Foretold = {
  asOfDay: number;
  horizonDays: number;
  summary: Summary;
  scores: Scores;
  currentTiers: CurrentTiers;
  /** The tiers shown until now. */
  shown: CurrentTiers;
};

/**
 * Each customer's probability is spread over the weeks by the window of the next order. First-time
 * customers, and those who are less likely than not to order within a year, have no window.
 */
export function outlookOf(foretold: Foretold): Outlook {
  const { asOfDay, summary, scores, currentTiers } = foretold;
  const none = () => ({ mean: 0, variance: 0 });
  const weeks = Array.from({ length: CALENDAR_WEEKS }, (_, week) => ({
    from: isoDay(asOfDay + WEEK_DAYS * week),
    customers: none(),
    spend: none(),
  }));
  let due = 0;
  for (let row = 0; row < summary.customers; row++) {
    const from = scores.nextOrderFromDay[row] - asOfDay;
    if (from < 0 || currentTiers.tier.buy[summary.index[row]] === NEW) continue;
    if (from < WEEK_DAYS) due += 1;
    spread(foretold, row, weeks);
  }
  const before = foretold.shown.tier.buy.some((tier) => tier !== ABSENT);
  const moved = { clv: movesOn("clv", foretold), buy: movesOn("buy", foretold) };
  return { weeks, moved: before ? moved : null, due };
}

function spread(
  { asOfDay, horizonDays, scores }: Foretold,
  row: number,
  weeks: ExpectedWeek[],
): void {
  const wait = {
    from: scores.nextOrderFromDay[row] - asOfDay,
    to: scores.nextOrderToDay[row] - asOfDay,
  };
  const inYear = yearly(wait, { horizonDays, probability: scores.buyProbability[row] });
  const orders = scores.expectedOrders[row];
  const amount = orders > 0 ? scores.expectedSpend[row] / orders : 0;
  let before = 0;
  for (const [at, { customers, spend }] of weeks.entries()) {
    const until = shareWithin(wait, WEEK_DAYS * (at + 1));
    const chance = inYear * (until - before);
    before = until;
    customers.mean += chance;
    customers.variance += chance * (1 - chance);
    spend.mean += chance * amount;
    // One order's amount varies by about as much as it is on average.
    spend.variance += chance * (2 - chance) * amount * amount;
  }
}

function movesOn(axis: Axis, { asOfDay, summary, currentTiers }: Foretold): Moves {
  const moves = { up: 0, down: 0 };
  for (let row = 0; row < summary.customers; row++) {
    const customer = summary.index[row];
    const from = movedFrom(currentTiers, axis, { customer, asOfDay, days: WEEK_DAYS });
    if (from === ABSENT) continue;
    addMove(moves, directionOf(from, currentTiers.tier[axis][customer]));
  }
  return moves;
}

/** Factors by which the store's total may be off, as past windows were. */
export type Off = { low: number; high: number };

/**
 * Weeks differ by more than chance (holidays, campaigns): the 80 % range of a week's deviation from
 * what was expected, by which four in five weeks of two real stores are covered.
 */
const WEEKLY = 0.25;

/**
 * The 80 % range of a sum over some weeks: chance, how much weeks differ, and how far the store's
 * total may be off; null where the last is unknown.
 */
export function rangeOf(
  { mean, variance }: Expected,
  { weeks, off }: { weeks: number; off: Off | null },
): Off {
  if (mean <= 0) return { low: 0, high: 0 };
  const chance = (1.2816 * Math.sqrt(variance)) / mean;
  const week = WEEKLY / Math.sqrt(weeks);
  const below = Math.hypot(chance, week, Math.max(0, 1 - (off?.low ?? 1)));
  const above = Math.hypot(chance, week, Math.max(0, (off?.high ?? 1) - 1));
  return { low: mean * Math.max(0, 1 - below), high: mean * (1 + above) };
}
