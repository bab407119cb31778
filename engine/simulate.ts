import type { Purchases } from "./histories/summary.ts";
import { Random } from "./maths/random.ts";

/** A store to simulate: MBG/NBD purchases, Gamma-Gamma spend, customers who come over time. */
export type SimulationOptions = {
  seed: number;
  customers: number;
  /** First day of the store and the day after its last. */
  startDay: number;
  endDay: number;
  /** MBG/NBD: rates λ ~ Gamma(r, α), α in days; dropout p ~ Beta(a, b) after every purchase. */
  likelihood?: { r: number; alpha: number; a: number; b: number };
  /** Gamma-Gamma: spend of a purchase ~ Gamma(p, ν), ν ~ Gamma(q, γ), γ in the amounts' unit. */
  spend?: { p: number; q: number; gamma: number };
  /** First purchases: at a constant rate, at a growing rate, or all within the first 90 days. */
  acquisition?: "steady" | "growing" | "cohort";
  /** k of MBG/CNBD-k: only every k-th event is a purchase, so that gaps are regular for k > 1. */
  regularity?: number;
  /** Pace of repeat orders in each calendar month, January first, 1 being usual. */
  season?: number[];
};

/** The true parameters of each simulated customer, which no model sees. */
export type Truth = {
  /** λ, events per day while alive; every `regularity`-th is a purchase. */
  rate: Float64Array;
  /** p, probability of leaving after each purchase. */
  dropout: Float64Array;
  /** Mean spend of a purchase, p/ν. */
  meanSpend: Float64Array;
  /** Day of the purchase after which the customer left; `endDay` for those who have not. */
  lastAliveDay: Int32Array;
};

export type Simulation = { purchases: Purchases; truth: Truth };

const COHORT_DAYS = 90;

/** Simulates a store with known truth; the same options give the same store. */
export function simulateStore(options: SimulationOptions): Simulation {
  const { customers, endDay } = options;
  const random = new Random(options.seed);
  const rows = new Rows(customers * 3);
  const truth: Truth = {
    rate: new Float64Array(customers),
    dropout: new Float64Array(customers),
    meanSpend: new Float64Array(customers),
    lastAliveDay: new Int32Array(customers).fill(endDay),
  };
  for (let who = 0; who < customers; who++) simulateCustomer({ who, random, rows, truth }, options);
  return { purchases: { ...rows.trimmed(), customers }, truth };
}

type Context = { who: number; random: Random; rows: Rows; truth: Truth };

function simulateCustomer({ who, random, rows, truth }: Context, options: SimulationOptions): void {
  const { startDay, endDay, regularity = 1 } = options;
  const { r, alpha, a, b } = options.likelihood ?? { r: 0.55, alpha: 45, a: 0.8, b: 1.8 };
  const { p, q, gamma } = options.spend ?? { p: 6, q: 3.8, gamma: 16 };
  const rate = random.gamma(r, alpha);
  const dropout = random.beta(a, b);
  const spendRate = random.gamma(q, gamma);
  truth.rate[who] = rate;
  truth.dropout[who] = dropout;
  truth.meanSpend[who] = p / spendRate;
  let time = startDay + arrival(random, options.acquisition ?? "steady", endDay - startDay);
  while (time < endDay) {
    const day = Math.floor(time);
    rows.add(who, day, random.gamma(p, spendRate));
    if (random.uniform() < dropout) {
      truth.lastAliveDay[who] = day;
      return;
    }
    let wait = 0;
    for (let event = 0; event < regularity; event++) wait += random.exponential() / rate;
    time = timeAfter(time, wait, options);
  }
}

/** The time after a wait measured in operational time; `endDay` if it would end later. */
function timeAfter(time: number, wait: number, { season, endDay }: SimulationOptions): number {
  if (!season) return time + wait;
  let now = time;
  let left = wait;
  while (now < endDay) {
    const day = Math.floor(now);
    const pace = season[new Date(day * 86_400_000).getUTCMonth()];
    const rest = (day + 1 - now) * pace;
    if (left < rest) return now + left / pace;
    left -= rest;
    now = day + 1;
  }
  return endDay;
}

/** Days after the start at which a customer comes. */
function arrival(random: Random, kind: "steady" | "growing" | "cohort", days: number): number {
  const uniform = random.uniform();
  if (kind === "cohort") return uniform * Math.min(COHORT_DAYS, days);
  return days * (kind === "growing" ? Math.sqrt(uniform) : uniform);
}

/** Growing columns of purchases; one customer's purchases on one day become one row. */
class Rows {
  #customer: Int32Array;
  #day: Int32Array;
  #amount: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.#customer = new Int32Array(Math.max(16, capacity));
    this.#day = new Int32Array(Math.max(16, capacity));
    this.#amount = new Float64Array(Math.max(16, capacity));
  }

  add(customer: number, day: number, amount: number): void {
    const last = this.#size - 1;
    if (last >= 0 && this.#customer[last] === customer && this.#day[last] === day) {
      this.#amount[last] += amount;
      return;
    }
    if (this.#size === this.#customer.length) this.#grow();
    this.#customer[this.#size] = customer;
    this.#day[this.#size] = day;
    this.#amount[this.#size] = amount;
    this.#size++;
  }

  trimmed(): Omit<Purchases, "customers"> {
    return {
      customer: this.#customer.slice(0, this.#size),
      day: this.#day.slice(0, this.#size),
      amount: this.#amount.slice(0, this.#size),
    };
  }

  #grow(): void {
    const capacity = 2 * this.#customer.length;
    const customer = new Int32Array(capacity);
    const day = new Int32Array(capacity);
    const amount = new Float64Array(capacity);
    customer.set(this.#customer);
    day.set(this.#day);
    amount.set(this.#amount);
    this.#customer = customer;
    this.#day = day;
    this.#amount = amount;
  }
}
