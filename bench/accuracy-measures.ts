// Metrics of predictions against outcomes, independent of the engine's code.

/** One value for each customer. */
type Values = ArrayLike<number>;

/** Predictions for each customer, and outcomes. */
export type Seen = {
  probability: Values;
  expectedOrders: Values;
  expectedSpend: Values;
  low: Values;
  high: Values;
  bought: Values;
  orders: Values;
  spend: Values;
};

/** P(a buyer has the higher probability than another customer), ties counting a half. */
export function areaUnderCurve(score: Values, bought: Values): number {
  const order = ascending(score);
  let buyersBelow = 0;
  let othersBelow = 0;
  let pairs = 0;
  for (let from = 0; from < order.length;) {
    let until = from;
    let buyers = 0;
    for (; until < order.length && score[order[until]] === score[order[from]]; until++)
      buyers += bought[order[until]];
    const others = until - from - buyers;
    pairs += buyers * (othersBelow + others / 2);
    buyersBelow += buyers;
    othersBelow += others;
    from = until;
  }
  return pairs / (buyersBelow * othersBelow);
}

export function meanLogLoss(probability: Values, bought: Values): number {
  let loss = 0;
  for (let i = 0; i < bought.length; i++) {
    const p = Math.min(1 - 1e-6, Math.max(1e-6, probability[i]));
    loss -= bought[i] === 1 ? Math.log(p) : Math.log(1 - p);
  }
  return loss / bought.length;
}

/** Log loss of the share who bought. */
export function baseLoss(bought: Values): number {
  const rate = total(bought) / bought.length;
  return -(rate * Math.log(rate) + (1 - rate) * Math.log(1 - rate));
}

/** Mean |predicted − observed| over ten groups of equal size. */
export function calibrationGap(probability: Values, bought: Values): number {
  const groups = tenths(probability);
  const gaps = groups.map((rows) => Math.abs(sumOf(rows, probability) - sumOf(rows, bought)));
  return total(gaps) / bought.length;
}

/** Σ |expected − actual| / Σ actual over tenths of the customers by expected spend. */
export function decileError(expected: Values, actual: Values): number {
  const gaps = tenths(expected).map((rows) =>
    Math.abs(sumOf(rows, expected) - sumOf(rows, actual)),
  );
  return total(gaps) / total(actual);
}

/** Normalised Gini of spend, ordered by the scores. */
export function normalisedGini(score: Values, spent: Values): number {
  return concentration(score, spent) / concentration(spent, spent);
}

function concentration(score: Values, spent: Values): number {
  const order = ascending(score);
  const all = total(spent);
  let area = 0;
  for (let from = 0; from < order.length;) {
    let until = from;
    let together = 0;
    for (; until < order.length && score[order[until]] === score[order[from]]; until++)
      together += spent[order[until]];
    area += together * ((from + until + 1) / 2 / order.length);
    from = until;
  }
  return (2 * area) / all - (order.length + 1) / order.length;
}

/** Bands with fewer customers, or without spend, are left out. */
const FEW = 20;

/**
 * ln(expected/actual) of spend in each tenth of likelihood, 0–.1, .1–.2, … with enough customers.
 */
export function bandErrors({ probability, expectedSpend, spend }: Seen): number[] {
  const errors: number[] = [];
  for (let band = 0; band < 10; band++) {
    const rows = within(probability, band / 10, (band + 1) / 10);
    const actual = sumOf(rows, spend);
    const expected = sumOf(rows, expectedSpend);
    if (rows.length >= FEW && actual > 0 && expected > 0) errors.push(Math.log(expected / actual));
  }
  return errors;
}

/** Bounds of the likelihood bands for the shares beyond the interval. */
export const CUTS = [0, 0.2, 0.6, 1];

/** For each band: customers, and those who spent more and less than their interval. */
export function beyond({ probability, low, high, spend }: Seen) {
  return CUTS.slice(0, -1).map((from, i) => {
    const rows = within(probability, from, CUTS[i + 1]);
    return {
      customers: rows.length,
      above: rows.filter((row) => spend[row] > high[row]).length,
      below: rows.filter((row) => spend[row] < low[row]).length,
    };
  });
}

export function total(values: Values): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0);
}

function within(values: Values, from: number, until: number): number[] {
  const rows: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (values[i] >= from && (values[i] < until || until === 1)) rows.push(i);
  }
  return rows;
}

function tenths(score: Values): number[][] {
  const order = Array.from(ascending(score));
  return Array.from({ length: 10 }, (_, i) =>
    order.slice(Math.round((i * order.length) / 10), Math.round(((i + 1) * order.length) / 10)),
  );
}

function sumOf(rows: number[], values: Values): number {
  return rows.reduce((sum, row) => sum + values[row], 0);
}

function ascending(values: Values): Uint32Array {
  return Uint32Array.from({ length: values.length }, (_, i) => i).sort(
    (left, right) => values[left] - values[right] || left - right,
  );
}
