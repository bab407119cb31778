import type { StoreFit } from "./fit.ts";
import type { CalibrationBin } from "./maths/likelihood-metrics.ts";

/**
 * The few facts that place a customer, as codes and figures; the app puts them into words. `typical`
 * is the store's own figure beside the customer's, null where the store has none.
 */
export type Fact = { code: FactCode; customer: number; typical: number | null };

export const factCodes = [
  /** One purchase day only; days since it, beside the days by which most who return have done so. */
  "one-order",
  /** Own mean gap in days, beside the store's median gap. */
  "buys-more-often",
  "buys-as-often",
  "buys-less-often",
  /** Days since the last order, beside the customer's own mean gap. */
  "order-recent",
  "order-late",
  "order-very-late",
  /** Mean spend for each purchase, beside the store's. */
  "spends-more",
  "spends-as-usual",
  "spends-less",
  /** Purchase days, beside the store's mean. */
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
  /** What placed the customer on the likelihood axis. No amount is among it. */
  buy: Fact[];
  /** What placed the customer on the value axis. */
  clv: Fact[];
  /**
   * Of the customers with about this probability in the store's last window, the share who then
   * bought; null where no window of the horizon's length was looked at.
   */
  similar: { predicted: number; bought: number; customers: number } | null;
};

/** Ratios to the store beyond which a customer is said to differ from it. */
const MORE = 1.25;
/** Silence in own mean gaps from which an order is late, and very late. */
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

/** The bin of the calibration whose mean prediction is nearest. */
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
