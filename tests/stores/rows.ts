import type { Purchases } from "#engine";

export type OrderRow = { customer: string; day: number; amount: number };

/** Whole days since 1970-01-01 of an ISO date. */
export function dayOf(isoDate: string): number {
  return Date.parse(`${isoDate}T00:00:00Z`) / 86_400_000;
}

/** Converts unsorted orders to purchases: one row per customer and day, amounts summed. */
export function toPurchases(rows: OrderRow[]): Purchases {
  const sorted = [...rows].sort(
    (left, right) =>
      compare(left.customer, right.customer) || left.day - right.day || left.amount - right.amount,
  );
  const customer: number[] = [];
  const day: number[] = [];
  const amount: number[] = [];
  let customers = 0;
  sorted.forEach((row, i) => {
    const before = sorted.at(i - 1);
    const sameCustomer = i > 0 && before?.customer === row.customer;
    if (sameCustomer && before.day === row.day) {
      amount[amount.length - 1] += row.amount;
      return;
    }
    if (!sameCustomer) customers++;
    customer.push(customers - 1);
    day.push(row.day);
    amount.push(row.amount);
  });
  return {
    customer: Int32Array.from(customer),
    day: Int32Array.from(day),
    amount: Float64Array.from(amount),
    customers,
  };
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
