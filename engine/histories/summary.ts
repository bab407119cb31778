/**
 * Purchases of one store: one row for each customer and purchase day, sorted by customer, then day.
 * Days are whole days since 1970-01-01 in the store's time zone.
 */
export type Purchases = {
  /** Dense customer index, 0 … customers − 1, ascending. */
  customer: Int32Array;
  day: Int32Array;
  /** Net spend of that day, in any one unit (the app passes minor units). */
  amount: Float64Array;
  /** How many customers there are; an index may have no row. */
  customers: number;
};

/**
 * What the models know of each customer (Fader, Hardie and Lee 2005). One row for each
 * customer whose first purchase lies before the as-of day; all arrays have that length.
 */
export type Summary = {
  customers: number;
  /** Dense customer index of each row, ascending. */
  index: Int32Array;
  /** x: purchase days after the first. */
  frequency: Int32Array;
  /** t_x: days from the first purchase to the last. */
  recencyDays: Int32Array;
  /** T: days from the first purchase to the as-of day. */
  ageDays: Int32Array;
  /** z̄: mean net spend for each purchase day, the first included. */
  meanSpend: Float64Array;
  /** Further features of the purchase days, needed by fits that use them (`traced`). */
  traces?: Traces;
};

/**
 * Features of each customer's purchase days beyond x, t_x and T, in calendar time: one value for
 * each row of a summary.
 */
export type Traces = {
  /** Purchase days in the last 30, 90, 180 and 365 days. */
  days30: Uint8Array;
  days90: Uint8Array;
  days180: Uint8Array;
  days365: Uint16Array;
  /** Purchase days within one horizon from the day a year ago. */
  yearAgo: Uint16Array;
  /** Days between the last purchase day and the one before; 0 for a customer with one. */
  lastGap: Int32Array;
  /** Mean of the logarithms of all gaps; 0 for a customer with one purchase day. */
  meanLnGap: Float32Array;
};

/** Summarizes what was known before `asOfDay`: purchases on that day or later are ignored. */
export function summarize(purchases: Purchases, asOfDay: number): Summary {
  const { customer, day, amount } = purchases;
  const known = countKnown(purchases, asOfDay);
  const summary = emptySummary(known);
  let row = -1;
  let firstDay = 0;
  let previous = -1;
  let spent = 0;
  for (let i = 0; i < customer.length; i++) {
    const today = day[i];
    if (today >= asOfDay) continue;
    const who = customer[i];
    if (who !== previous) {
      row++;
      previous = who;
      firstDay = today;
      spent = 0;
      summary.index[row] = who;
      summary.ageDays[row] = asOfDay - firstDay;
    } else {
      summary.frequency[row] = summary.frequency[row] + 1;
    }
    spent += amount[i];
    summary.recencyDays[row] = today - firstDay;
    summary.meanSpend[row] = spent / (summary.frequency[row] + 1);
  }
  return summary;
}

function countKnown({ customer, day }: Purchases, asOfDay: number): number {
  let known = 0;
  let previous = -1;
  for (let i = 0; i < customer.length; i++) {
    const who = customer[i];
    if (who === previous || day[i] >= asOfDay) continue;
    known++;
    previous = who;
  }
  return known;
}

function emptySummary(customers: number): Summary {
  return {
    customers,
    index: new Int32Array(customers),
    frequency: new Int32Array(customers),
    recencyDays: new Int32Array(customers),
    ageDays: new Int32Array(customers),
    meanSpend: new Float64Array(customers),
  };
}
