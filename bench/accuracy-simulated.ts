// Simulated stores for measuring accuracy. Nothing is tuned to their parameters and seeds.
import type { Purchases } from "#engine";
import { Random } from "#engine/maths/random.ts";

/**
 * A kind of store: MBG/CNBD-k purchases with a pace over time, Gamma-Gamma spend that may depend on
 * the rate.
 */
type Kind = {
  seed: number;
  likelihood: { r: number; alpha: number; a: number; b: number };
  /** k: every k-th event is a purchase. */
  regularity: number;
  /** Relative pace of purchases over time, 1 being usual. */
  pace: (day: number) => number;
  /** Spend grows with the customer's rate to this power: 0 for independent spend. */
  dependence: number;
};

const CUSTOMERS = 6000;
/** 2021-01-01 and 2025-01-01: cut-offs lie in the third year, and are followed by another. */
const START = 18_628;
const END = 20_089;
const SPEND = { p: 4, q: 3.8, gamma: 22 };

const usual: Kind = {
  seed: 20_301,
  likelihood: { r: 0.55, alpha: 45, a: 0.8, b: 1.8 },
  regularity: 1,
  pace: () => 1,
  dependence: 0,
};

const HOLIDAYS = [0.7, 0.7, 0.8, 0.9, 0.9, 0.9, 0.8, 0.8, 1, 1.2, 1.8, 1.9];
const monthOf = (day: number) => new Date(day * 86_400_000).getUTCMonth();

const kinds: Record<string, Kind> = {
  "simulated, usual": usual,
  "simulated, regular": {
    ...usual,
    seed: 20_302,
    likelihood: { r: 0.9, alpha: 18, a: 0.6, b: 2.6 },
    regularity: 3,
  },
  "simulated, holidays": { ...usual, seed: 20_303, pace: (day) => HOLIDAYS[monthOf(day)] },
  "simulated, resellers": {
    ...usual,
    seed: 20_304,
    likelihood: { r: 0.4, alpha: 22, a: 0.5, b: 1.9 },
    dependence: 0.5,
  },
  "simulated, falling by 30 % a year": {
    ...usual,
    seed: 20_305,
    likelihood: { r: 0.6, alpha: 22, a: 0.5, b: 2.5 },
    pace: (day) => 0.7 ** ((day - START) / 365),
  },
};

export const simulatedNames = Object.keys(kinds);

type Row = { customer: number; day: number; amount: number };

export function simulated(name: string): Purchases {
  const kind = kinds[name];
  const random = new Random(kind.seed);
  const rows: Row[] = [];
  for (let who = 0; who < CUSTOMERS; who++) rows.push(...customerOf(kind, random, who));
  return {
    customer: Int32Array.from(rows, (row) => row.customer),
    day: Int32Array.from(rows, (row) => row.day),
    amount: Float64Array.from(rows, (row) => row.amount),
    customers: CUSTOMERS,
  };
}

function customerOf(kind: Kind, random: Random, customer: number): Row[] {
  const { r, alpha, a, b } = kind.likelihood;
  const rate = random.gamma(r, alpha);
  const dropout = random.beta(a, b);
  const spendRate = random.gamma(SPEND.q, SPEND.gamma);
  const size = ((rate * alpha) / r) ** kind.dependence;
  const rows: Row[] = [];
  let day = START + Math.floor((END - START) * random.uniform());
  while (day < END) {
    const amount = size * random.gamma(SPEND.p, spendRate);
    const last = rows.at(-1);
    if (last?.day === day) last.amount += amount;
    else rows.push({ customer, day, amount });
    if (random.uniform() < dropout) break;
    let wait = 0;
    for (let event = 0; event < kind.regularity; event++) wait += random.exponential() / rate;
    day = after(day, wait, kind.pace);
  }
  return rows;
}

/** The day on which a wait ends that is measured at the pace of each day. */
function after(day: number, wait: number, pace: Kind["pace"]): number {
  let left = wait;
  let now = day;
  while (now < END) {
    left -= pace(now);
    if (left < 0) break;
    now++;
  }
  return now;
}
