import type { Purchases } from "./summary.ts";

/** The gaps between a store's purchases and the growth of its customers, before a given day. */
export type Rhythm = {
  customers: number;
  repeatCustomers: number;
  /** First and last purchase day; null without purchases. */
  firstDay: number | null;
  lastDay: number | null;
  /** Median of all gaps between one purchase day and the customer's next; null without any. */
  medianGapDays: number | null;
  /** 80th percentile of the days from first to second purchase; null without any. */
  secondPurchaseDays: number | null;
  /** First purchases, and second purchases, within the last 90 days. */
  recentCustomers: number;
  recentRepeatCustomers: number;
};

/** The days over which growth is measured. */
export const PACE_DAYS = 90;

export function readRhythm(purchases: Purchases, asOfDay: number): Rhythm {
  const { customer, day } = purchases;
  const gaps = new Histogram();
  const seconds = new Histogram();
  const rhythm = emptyRhythm();
  let previous = -1;
  let order = 0;
  for (let i = 0; i < customer.length; i++) {
    const today = day[i];
    if (today >= asOfDay) continue;
    order = customer[i] === previous ? order + 1 : 1;
    previous = customer[i];
    const recent = today >= asOfDay - PACE_DAYS ? 1 : 0;
    if (order === 1) {
      rhythm.customers++;
      rhythm.recentCustomers += recent;
    } else {
      gaps.add(today - day[i - 1]);
    }
    if (order === 2) {
      rhythm.repeatCustomers++;
      rhythm.recentRepeatCustomers += recent;
      seconds.add(today - day[i - 1]);
    }
    rhythm.firstDay = Math.min(rhythm.firstDay ?? today, today);
    rhythm.lastDay = Math.max(rhythm.lastDay ?? today, today);
  }
  rhythm.medianGapDays = gaps.quantile(0.5);
  rhythm.secondPurchaseDays = seconds.quantile(0.8);
  return rhythm;
}

function emptyRhythm(): Rhythm {
  return {
    customers: 0,
    repeatCustomers: 0,
    firstDay: null,
    lastDay: null,
    medianGapDays: null,
    secondPurchaseDays: null,
    recentCustomers: 0,
    recentRepeatCustomers: 0,
  };
}

/** Counts of non-negative integers: quantiles without sorting. */
export class Histogram {
  #counts = new Float64Array(1024);
  #total = 0;

  add(value: number): void {
    if (value >= this.#counts.length) {
      const larger = new Float64Array(2 * value);
      larger.set(this.#counts);
      this.#counts = larger;
    }
    this.#counts[value]++;
    this.#total++;
  }

  /** The smallest value that at least this share of all values does not exceed; null when empty. */
  quantile(share: number): number | null {
    let below = 0;
    for (let value = 0; value < this.#counts.length; value++) {
      below += this.#counts[value];
      if (this.#total > 0 && below >= share * this.#total) return value;
    }
    return null;
  }
}
