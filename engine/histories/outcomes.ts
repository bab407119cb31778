import { gather } from "../maths/gather.ts";
import type { Purchases, Summary } from "./summary.ts";

/** What the customers of a summary did in a window after it: one value for each row. */
export type Outcomes = {
  /** 1 for those who bought on at least one day of the window. */
  bought: Uint8Array;
  /** Purchase days in the window. */
  orders: Int32Array;
  /** Net spend in the window. */
  spend: Float64Array;
  customers: number;
  buyers: number;
};

/** Purchases of days in [fromDay, untilDay), by row of a summary taken at or before `fromDay`. */
export function outcomesOf(
  { customer, day, amount }: Purchases,
  summary: Summary,
  [fromDay, untilDay]: [number, number],
): Outcomes {
  const outcomes: Outcomes = {
    bought: new Uint8Array(summary.customers),
    orders: new Int32Array(summary.customers),
    spend: new Float64Array(summary.customers),
    customers: summary.customers,
    buyers: 0,
  };
  let row = 0;
  for (let i = 0; i < customer.length; i++) {
    while (row < summary.customers && summary.index[row] < customer[i]) row++;
    if (summary.index[row] !== customer[i]) continue;
    if (day[i] < fromDay || day[i] >= untilDay) continue;
    outcomes.buyers += outcomes.bought[row] === 0 ? 1 : 0;
    outcomes.bought[row] = 1;
    outcomes.orders[row]++;
    outcomes.spend[row] += amount[i];
  }
  return outcomes;
}

/** The outcomes of some rows. */
export function pickOutcomes(outcomes: Outcomes, rows: Uint32Array): Outcomes {
  const size = rows.length;
  const bought = gather(outcomes.bought, rows, new Uint8Array(size));
  return {
    bought,
    orders: gather(outcomes.orders, rows, new Int32Array(size)),
    spend: gather(outcomes.spend, rows, new Float64Array(size)),
    customers: size,
    buyers: bought.reduce((sum, one) => sum + one, 0),
  };
}

/** First purchase day in [fromDay, untilDay) of each customer of a summary; −1 for none. */
export function firstDays(
  { customer, day }: Purchases,
  summary: Summary,
  [fromDay, untilDay]: [number, number],
): Int32Array {
  const first = new Int32Array(summary.customers).fill(-1);
  let row = 0;
  for (let i = 0; i < customer.length; i++) {
    while (row < summary.customers && summary.index[row] < customer[i]) row++;
    if (summary.index[row] !== customer[i] || first[row] !== -1) continue;
    if (day[i] >= fromDay && day[i] < untilDay) first[row] = day[i];
  }
  return first;
}
