// One store at one cut-off over one horizon: the engine's predictions, and what happened.
import {
  fitStore,
  type Purchases,
  type Scores,
  scoreStore,
  spendIntervals,
  type StoreFit,
  summarize,
  type Summary,
  traced,
} from "#engine";

import {
  areaUnderCurve,
  bandErrors,
  baseLoss,
  beyond,
  calibrationGap,
  decileError,
  meanLogLoss,
  normalisedGini,
  type Seen,
  total,
} from "./accuracy-measures.ts";

/** Days ahead within which a next order counts. */
const YEAR = 365;

export type Case = {
  store: string;
  cutoffDay: number;
  horizonDays: number;
  customers: number;
  buyers: number;
  baseLoss: number;
  auc: number;
  logLoss: number;
  ece: number;
  /** ln(expected/actual) of the store's totals. */
  lnBuyers: number;
  lnOrders: number;
  lnSpend: number;
  deciles: number;
  /** ln(expected/actual) of spend in each band of likelihood. */
  bands: number[];
  gini: number;
  beyond: ReturnType<typeof beyond>;
  /** Customers with a window of the next order whose next order came within a year. */
  nextOrder: { before: number; inside: number; after: number };
};

export type Window = {
  store: string;
  cutoffDay: number;
  horizonDays: number;
  /** The day after the last of the store's data. */
  endDay: number;
};

/** Null if the gate refuses the store, or if nobody or everybody bought. */
export function judge(purchases: Purchases, window: Window): Case | null {
  const { cutoffDay, horizonDays, endDay } = window;
  const summary = summarize(purchases, cutoffDay);
  const result = fitStore(summary, purchases, {
    asOfDay: cutoffDay,
    fullHistory: true,
    horizonDays,
    rehearse: true,
  });
  if (result.kind === "refused") return null;
  const known = traced(purchases, summary, { asOfDay: cutoffDay, horizonDays });
  const scores = scoreStore(known, result.fit);
  const seen = { ...predicted(summary, result.fit, scores), ...actual(purchases, summary, window) };
  const buyers = total(seen.bought);
  if (buyers === 0 || buyers === summary.customers) return null;
  const ln = (expected: ArrayLike<number>, actual: ArrayLike<number>) =>
    Math.log(total(expected) / total(actual));
  return {
    store: window.store,
    cutoffDay,
    horizonDays,
    customers: summary.customers,
    buyers,
    baseLoss: baseLoss(seen.bought),
    auc: areaUnderCurve(seen.probability, seen.bought),
    logLoss: meanLogLoss(seen.probability, seen.bought),
    ece: calibrationGap(seen.probability, seen.bought),
    lnBuyers: ln(seen.probability, seen.bought),
    lnOrders: ln(seen.expectedOrders, seen.orders),
    lnSpend: ln(seen.expectedSpend, seen.spend),
    deciles: decileError(seen.expectedSpend, seen.spend),
    bands: bandErrors(seen),
    gini: normalisedGini(seen.expectedSpend, seen.spend),
    beyond: beyond(seen),
    nextOrder: nextOrders(scores, seen.next, endDay >= cutoffDay + YEAR),
  };
}

function predicted(
  summary: Summary,
  fit: StoreFit,
  scores: Scores,
): Omit<Seen, "bought" | "orders" | "spend"> {
  const { buyProbability, expectedOrders, expectedSpend } = scores;
  return {
    probability: buyProbability,
    expectedOrders,
    expectedSpend,
    ...spendIntervals(summary, fit, scores),
  };
}

/** What each customer did in the window, and the day of the next order; −1 for none within a year. */
function actual(purchases: Purchases, summary: Summary, { cutoffDay, horizonDays }: Window) {
  const rowOf = new Int32Array(purchases.customers).fill(-1);
  summary.index.forEach((customer, row) => (rowOf[customer] = row));
  const zeros = () => new Float64Array(summary.customers);
  const found = { bought: zeros(), orders: zeros(), spend: zeros(), next: zeros().fill(-1) };
  purchases.day.forEach((day, i) => {
    const row = rowOf[purchases.customer[i]];
    if (row === -1 || day < cutoffDay || day >= cutoffDay + YEAR) return;
    if (found.next[row] === -1 || day < found.next[row]) found.next[row] = day;
    if (day >= cutoffDay + horizonDays) return;
    found.bought[row] = 1;
    found.orders[row] += 1;
    found.spend[row] += purchases.amount[i];
  });
  return found;
}

function nextOrders(scores: Scores, next: Float64Array, known: boolean): Case["nextOrder"] {
  const counts = { before: 0, inside: 0, after: 0 };
  if (!known) return counts;
  next.forEach((day, row) => {
    const [from, to] = [scores.nextOrderFromDay[row], scores.nextOrderToDay[row]];
    if (from === -1 || day === -1) return;
    if (day < from) counts.before += 1;
    else if (day <= to) counts.inside += 1;
    else counts.after += 1;
  });
  return counts;
}
