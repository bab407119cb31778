import type { Summary } from "./summary.ts";

/**
 * Customers with equal (x, t_x, T) as one weighted row, sorted by x, then t_x, then T. The order
 * depends on the values alone, so sums are bit-identical whatever the order of customers.
 */
export type Histories = {
  rows: number;
  frequency: Int32Array;
  recencyDays: Int32Array;
  ageDays: Int32Array;
  /** Customers in the row. */
  weight: Float64Array;
  /** Sum of the weights. */
  customers: number;
};

/** 17 bits for each of x, t_x and T keep a history inside the 53 bits of a double: 359 years. */
const SPAN = 2 ** 17;

/** Compresses a summary: about a third of the rows for 23,570 customers, a half for a million. */
export function compressHistories(summary: Summary): Histories {
  const keys = new Float64Array(summary.customers);
  for (let i = 0; i < keys.length; i++) keys[i] = keyOf(summary, i);
  keys.sort();
  return weigh(keys);
}

/** One number for (x, t_x, T) of a customer, in the order the rows are sorted by. */
export function keyOf({ frequency, recencyDays, ageDays }: Summary, customer: number): number {
  const x = within(frequency[customer]);
  return (x * SPAN + within(recencyDays[customer])) * SPAN + within(ageDays[customer]);
}

/** The same number for a row of compressed histories. */
export function keyOfRow({ frequency, recencyDays, ageDays }: Histories, row: number): number {
  return (frequency[row] * SPAN + recencyDays[row]) * SPAN + ageDays[row];
}

function within(days: number): number {
  return days < SPAN ? days : SPAN - 1;
}

function weigh(sortedKeys: Float64Array): Histories {
  let rows = 0;
  for (let i = 0; i < sortedKeys.length; i++) if (sortedKeys[i] !== sortedKeys[i - 1]) rows++;
  const histories: Histories = {
    rows,
    frequency: new Int32Array(rows),
    recencyDays: new Int32Array(rows),
    ageDays: new Int32Array(rows),
    weight: new Float64Array(rows),
    customers: sortedKeys.length,
  };
  let row = -1;
  for (let i = 0; i < sortedKeys.length; i++) {
    const key = sortedKeys[i];
    if (key !== sortedKeys[i - 1]) {
      row++;
      const pair = Math.floor(key / SPAN);
      histories.frequency[row] = Math.floor(pair / SPAN);
      histories.recencyDays[row] = pair % SPAN;
      histories.ageDays[row] = key % SPAN;
    }
    histories.weight[row]++;
  }
  return histories;
}

/** One customer's history, in any one unit of time: what the functions for a single score take. */
export type History = { frequency: number; recency: number; age: number };
