import type { Purchases } from "#engine";

import { UNITS } from "./amounts.ts";
import { Ledger } from "./ledger.ts";
import type { OrderTable } from "./order-table.ts";

export type PurchaseOptions = {
  /** Rows on or after this day are left out; undefined: none. */
  beforeDay?: number;
  /**
   * Refunds on or after this day do not change purchases before it: a backtest must not look ahead.
   */
  settledDay?: number;
};

export type PurchaseCounts = {
  /** Rows on or after the as-of day. */
  later: number;
  /** Rows equal to another in every cell: the same order twice. */
  repeated: number;
  /** Rows with an amount below zero. */
  refunds: number;
  /** Of these, refunds that exceeded everything the customer had spent before, and by how much. */
  unmatchedRefunds: number;
  unmatchedAmount: number;
  /** Purchase days of which nothing remained. */
  reversedDays: number;
};

/**
 * The engine's input: sorted by customer and day, the orders of a day as one purchase, refunds
 * subtracted from the orders they reverse. Amounts in major units. The result depends only on the
 * set of rows. Renumbers the table's customers by id.
 */
export function toPurchases(
  table: OrderTable,
  options: PurchaseOptions = {},
): { purchases: Purchases; counts: PurchaseCounts } {
  table.sortCustomers();
  const starts = rowStarts(table);
  const rows = rowsByCustomer(table, starts);
  const ledger = new Ledger(table.rows, options.settledDay);
  const before = options.beforeDay ?? Number.POSITIVE_INFINITY;
  const counts = { later: 0, repeated: 0 };
  for (let customer = 0; customer < table.ids.length; customer++) {
    const own = rows.subarray(starts[customer], starts[customer + 1]);
    sortRows(own, table);
    let last = -1;
    for (const row of own) {
      if (table.day[row] >= before) counts.later++;
      else if (last !== -1 && isRepeated(table, last, row)) counts.repeated++;
      else {
        ledger.book(table.day[row], table.units[row]);
        last = row;
      }
    }
    ledger.close(customer);
  }
  const { customer, day, units } = ledger.purchases();
  const purchases = { customer, day, amount: units, customers: table.ids.length };
  for (let i = 0; i < units.length; i++) purchases.amount[i] = units[i] / UNITS;
  const { refunds, unmatchedRefunds, unmatchedUnits, reversedDays } = ledger;
  const unmatchedAmount = unmatchedUnits / UNITS;
  return {
    purchases,
    counts: { ...counts, refunds, unmatchedRefunds, unmatchedAmount, reversedDays },
  };
}

function rowStarts({ customer, rows, ids }: OrderTable): Int32Array {
  const starts = new Int32Array(ids.length + 1);
  for (let row = 0; row < rows; row++) starts[customer[row] + 1]++;
  for (let i = 0; i < ids.length; i++) starts[i + 1] += starts[i];
  return starts;
}

function rowsByCustomer({ customer, rows }: OrderTable, starts: Int32Array): Int32Array {
  const next = starts.slice();
  const sorted = new Int32Array(rows);
  for (let row = 0; row < rows; row++) sorted[next[customer[row]]++] = row;
  return sorted;
}

/** Above this size insertion sort is slower than the built-in sort. */
const FEW = 24;

/** By day; within a day payments before refunds, then by amount and hash. */
function sortRows(rows: Int32Array, table: OrderTable): void {
  if (rows.length > FEW) {
    rows.sort((left, right) => compare(table, left, right));
    return;
  }
  for (let i = 1; i < rows.length; i++) {
    const row = rows[i];
    let j = i - 1;
    for (; j >= 0 && compare(table, rows[j], row) > 0; j--) rows[j + 1] = rows[j];
    rows[j + 1] = row;
  }
}

function compare({ day, units, print }: OrderTable, left: number, right: number): number {
  return day[left] - day[right] || units[right] - units[left] || print[left] - print[right];
}

function isRepeated({ day, units, print }: OrderTable, left: number, right: number): boolean {
  return (
    print[left] !== 0 &&
    print[left] === print[right] &&
    day[left] === day[right] &&
    units[left] === units[right]
  );
}
