import { simulateStore } from "#engine/simulate.ts";

/** Parameters of a run; the same run creates the same data. */
export type Run = {
  seed: number;
  customers: number;
  /** All orders are before this day, in days since 1970-01-01. */
  endDay: number;
};

export type DrawnCustomer = { firstName: string; lastName: string; email: string };
export type DrawnOrder = {
  /** Index of the customer. */
  customer: number;
  /** ISO time. */
  processedAt: string;
  /** A decimal number in the shop's currency. */
  amount: string;
};
export type DrawnStore = { customers: DrawnCustomer[]; orders: DrawnOrder[] };

const DAYS = 365;
/**
 * Customers who buy more often and stay longer than in most stores, so that a store with few orders (five a
 * minute can be created) has enough buyers in its last weeks to pass the gate.
 */
const LIVELY = { r: 0.6, alpha: 25, a: 0.4, b: 3 };
const DAY_MS = 86_400_000;
const NOON_MS = DAY_MS / 2;

const FIRST_NAMES = ["Ada", "Bela", "Cleo", "Dara", "Emil", "Fay", "Gus", "Hana", "Ivo", "June"];
const LAST_NAMES = ["Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Oak", "Rowan"];

/**
 * Customers and orders from the engine's generator, orders sorted by day. The people are invented: their e-mail
 * addresses use a domain that is reserved for examples.
 */
export function drawStore({ seed, customers, endDay }: Run): DrawnStore {
  const { purchases } = simulateStore({
    ...{ seed, customers, startDay: endDay - DAYS, endDay },
    likelihood: LIVELY,
    acquisition: "growing",
  });
  const orders = Array.from(purchases.day, (day, row) => ({
    customer: purchases.customer[row] ?? 0,
    processedAt: new Date(day * DAY_MS + NOON_MS).toISOString(),
    amount: Math.max(1, purchases.amount[row] ?? 0).toFixed(2),
  }));
  orders.sort((a, b) => a.processedAt.localeCompare(b.processedAt) || a.customer - b.customer);
  return { customers: Array.from({ length: customers }, (_, index) => person(index)), orders };
}

function person(index: number): DrawnCustomer {
  const firstName = FIRST_NAMES[index % FIRST_NAMES.length] ?? "";
  const lastName = LAST_NAMES[Math.floor(index / FIRST_NAMES.length) % LAST_NAMES.length] ?? "";
  const email = `${firstName}.${lastName}.${index}@example.com`.toLowerCase();
  return { firstName, lastName, email };
}
