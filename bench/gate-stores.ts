// Stores for testing the gate: samples and short histories of real ones, and simulated ones.
import { type Purchases, simulateStore, type SimulationOptions, summarize } from "#engine";
import { Random } from "#engine/maths/random.ts";

/** A simulated store; `young` is its age in days at the as-of day. */
export type Kind = { name: string; make: (days: number, seed: number) => Purchases };

/** Customers of a simulated store before sampling, and days after the as-of day. */
const CUSTOMERS = 4000;
const FUTURE_DAYS = 365;
/** The as-of day of simulated stores: 2024-06-01. */
export const SIMULATED_DAY = 19_875;

type Shape = Pick<SimulationOptions, "likelihood" | "acquisition" | "season">;

function simulated(name: string, shape: Shape): Kind {
  return {
    name,
    make: (days, seed) =>
      simulateStore({
        ...shape,
        seed,
        customers: CUSTOMERS,
        startDay: SIMULATED_DAY - days,
        endDay: SIMULATED_DAY + FUTURE_DAYS,
      }).purchases,
  };
}

const HOLIDAYS = [0.2, 0.2, 0.3, 0.3, 0.4, 0.3, 0.3, 0.3, 0.5, 1.2, 4, 4];

/** Times in days; a/(a + b) is the mean probability of leaving after each purchase. */
export const kinds: Kind[] = [
  simulated("coffee shop", { likelihood: { r: 0.5, alpha: 4, a: 0.4, b: 2 } }),
  simulated("groceries", { likelihood: { r: 0.8, alpha: 16, a: 0.5, b: 3 } }),
  simulated("usual", {}),
  simulated("usual, growing", { acquisition: "growing" }),
  simulated("slow", { likelihood: { r: 0.4, alpha: 300, a: 0.8, b: 1.8 } }),
  simulated("high churn", { likelihood: { r: 0.5, alpha: 20, a: 2, b: 1.2 } }),
  simulated("hardly anybody returns", { likelihood: { r: 0.06, alpha: 150, a: 0.8, b: 1.8 } }),
  simulated("all alike", { likelihood: { r: 60, alpha: 60 * 70, a: 0.001, b: 10 } }),
  simulated("holiday season", { season: HOLIDAYS }),
  ...[0, 0.3, 0.6].map((twice) => ({
    name: `once a year, ${100 * twice} % buy twice`,
    make: (days: number, seed: number) => yearly({ days, seed, twice }),
  })),
];

/**
 * A store for one yearly occasion, such as a birthday: each customer comes back on about the same
 * day a year later, or never. Some buy twice for it, within three weeks.
 */
function yearly({ days, seed, twice }: { days: number; seed: number; twice: number }): Purchases {
  const random = new Random(seed);
  const rows: [number, number][] = [];
  const start = SIMULATED_DAY - days;
  for (let who = 0; who < CUSTOMERS; who++) {
    let occasion = start + random.uniform() * (days + FUTURE_DAYS);
    const stays = random.beta(3, 2);
    do {
      const day = Math.floor(occasion);
      rows.push([who, day]);
      if (random.uniform() < twice) rows.push([who, day + 1 + Math.floor(20 * random.uniform())]);
      occasion += 365 + 10 * random.normal();
    } while (occasion < SIMULATED_DAY + FUTURE_DAYS && random.uniform() < stays);
  }
  return {
    customer: Int32Array.from(rows, (row) => row[0]),
    day: Int32Array.from(rows, (row) => row[1]),
    amount: new Float64Array(rows.length).fill(20),
    customers: CUSTOMERS,
  };
}

/** The store with a history of only `days` before the as-of day. */
export function begun(purchases: Purchases, asOfDay: number, days: number): Purchases {
  return filtered(purchases, (row) => purchases.day[row] >= asOfDay - days);
}

/** `count` customers, drawn at random from those known at the as-of day. */
export function sampled(
  purchases: Purchases,
  asOfDay: number,
  { count, seed }: { count: number; seed: number },
): Purchases {
  const random = new Random(seed);
  const known = [...summarize(purchases, asOfDay).index];
  for (let i = 0; i < Math.min(count, known.length); i++) {
    const other = i + Math.floor(random.uniform() * (known.length - i));
    [known[i], known[other]] = [known[other], known[i]];
  }
  const kept = new Set(known.slice(0, count));
  return filtered(purchases, (row) => kept.has(purchases.customer[row]));
}

function filtered({ customer, day, amount, customers }: Purchases, keep: (row: number) => boolean) {
  return {
    customer: customer.filter((_, row) => keep(row)),
    day: day.filter((_, row) => keep(row)),
    amount: amount.filter((_, row) => keep(row)),
    customers,
  };
}
