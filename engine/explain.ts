import type { StoreFit } from "./fit.ts";
import type { CalibrationBin } from "./maths/likelihood-metrics.ts";

/**
 * A fact that explains a customer's tier, as a code and figures; the app puts it into words.
 * `typical` is the figure that `customer` is compared with, null where there is none.
 */
export type Fact = { code: FactCode; customer: number; typical: number | null };

export const factCodes = [
  /**
   * One purchase day only: days since it, compared with the age at which a customer is no longer
   * new.
   */
  "one-order",
  /** The customer's mean gap in days, compared with the store's median gap. */
  "buys-more-often",
  "buys-as-often",
  "buys-less-often",
  /** Days since the last order, compared with the customer's own mean gap. */
  "order-recent",
  "order-late",
  "order-very-late",
  /** Mean spend per purchase, compared with the store's. */
  "spends-more",
  "spends-as-usual",
  "spends-less",
  /** Purchase days, compared with the store's mean. */
  "many-orders",
] as const;
export type FactCode = (typeof factCodes)[number];

/** One customer: a row of the summary and its scores. */
export type Explained = {
  frequency: number;
  recencyDays: number;
  ageDays: number;
  meanSpend: number;
  buyProbability: number;
};

export type Explanation = {
  /** Facts for the likelihood axis; none of them is an amount. */
  buy: Fact[];
  /** Facts for the value axis. */
  clv: Fact[];
  /**
   * The share of buyers among customers with about this probability in the newest past window; null
   * without a past window of the horizon's length.
   */
  similar: { predicted: number; bought: number; customers: number } | null;
};

/**
 * Ratio to the store's figure above which, or below whose inverse, a customer counts as different.
 */
const MORE = 1.25;
/**
 * Days since the last order, in mean gaps of the customer, from which an order is late, and very
 * late.
 */
const LATE = 1.5;
const VERY_LATE = 3;

/** Explains one customer's scores against the store's own typical values. */
export function explain(customer: Explained, fit: StoreFit): Explanation {
  const rhythm = rhythmFacts(customer, fit);
  const orders = customer.frequency + 1;
  const clv = [...rhythm, spendFact(customer, fit)];
  if (orders >= 2 * fit.typical.orders && orders > 2) {
    clv.push({ code: "many-orders", customer: orders, typical: fit.typical.orders });
  }
  const tested = fit.rehearsal?.horizonDays === fit.horizonDays ? fit.rehearsal : null;
  const bins = tested?.calibration ?? [];
  return { buy: rhythm, clv, similar: similarTo(customer.buyProbability, bins) };
}

function rhythmFacts(customer: Explained, fit: StoreFit): Fact[] {
  const silence = customer.ageDays - customer.recencyDays;
  if (customer.frequency === 0) {
    return [{ code: "one-order", customer: silence, typical: fit.newMaxAgeDays }];
  }
  const gap = customer.recencyDays / customer.frequency;
  return [paceFact(gap, fit.typical.intervalDays), lateness(silence, gap)];
}

function paceFact(gap: number, typical: number | null): Fact {
  const ratio = typical === null || typical === 0 ? 1 : gap / typical;
  const code = compare(ratio, ["buys-more-often", "buys-as-often", "buys-less-often"]);
  return { code, customer: gap, typical };
}

function lateness(silence: number, gap: number): Fact {
  const gaps = silence / Math.max(1, gap);
  const code = gaps < LATE ? "order-recent" : gaps < VERY_LATE ? "order-late" : "order-very-late";
  return { code, customer: silence, typical: gap };
}

function spendFact({ meanSpend }: Explained, { typical }: StoreFit): Fact {
  const ratio = meanSpend / typical.meanSpend;
  const code = compare(ratio, ["spends-less", "spends-as-usual", "spends-more"]);
  return { code, customer: meanSpend, typical: typical.meanSpend };
}

function compare(ratio: number, [below, same, above]: [FactCode, FactCode, FactCode]): FactCode {
  if (ratio > MORE) return above;
  return ratio < 1 / MORE ? below : same;
}

/** The calibration bin with the nearest mean prediction. */
function similarTo(probability: number, bins: CalibrationBin[]): Explanation["similar"] {
  let nearest: CalibrationBin | null = null;
  for (const bin of bins) {
    const away = Math.abs(bin.predicted - probability);
    if (!nearest || away < Math.abs(nearest.predicted - probability)) nearest = bin;
  }
  if (!nearest) return null;
  const { predicted, observed, customers } = nearest;
  return { predicted, bought: observed, customers };
}
