import type { History } from "../histories/histories.ts";
import type { ParetoNbd } from "./pareto-nbd.ts";
import { ParetoTables } from "./pareto-tables.ts";

/** Days of the smallest table: enough for four and a half years of history and a year ahead. */
const SMALLEST = 2048;

/**
 * Predictions of a fitted Pareto/NBD for a customer, all from J(t), the scaled integral of
 * `ParetoTables`: with e^−D = G(T)/G(t_x),
 *
 *   P(alive) = e^−D / [e^−D (1 − J(T)) + J(t_x)]
 *   P(buy)   = P(alive) · [1 − g − (J(T) − g J(T + h))], g = G(T + h)/G(T).
 */
export class ParetoForecast {
  readonly #model: ParetoNbd;
  readonly #days: number;
  readonly #integrals = new Map<number, Float64Array>();
  readonly #tables: ParetoTables;
  readonly #longer = new Map<number, ParetoForecast>();

  constructor(model: ParetoNbd, days = SMALLEST) {
    this.#model = model;
    this.#days = days;
    this.#tables = new ParetoTables(
      model,
      new Int32Array(days + 1).map((_, day) => day),
    );
  }

  alive(history: History): number {
    const { frequency, recency, age } = history;
    if (age > this.#days) return this.#upTo(age).alive(history);
    const integral = this.#integral(frequency);
    const decay = this.#ratio(frequency, recency, age);
    if (decay === 0) return 0;
    return Math.min(1, decay / (decay * (1 - integral[age]) + integral[recency]));
  }

  buy(history: History, days: number): number {
    const { frequency, age } = history;
    if (age + days > this.#days) return this.#upTo(age + days).buy(history, days);
    const integral = this.#integral(frequency);
    const decay = this.#ratio(frequency, age, age + days);
    const left = integral[age] - decay * integral[age + days];
    return Math.max(0, 1 - decay - left) * this.alive(history);
  }

  /**
   * Fader and Hardie 2005, A Note on Deriving the Pareto/NBD Model; expm1 keeps it accurate near s
   * = 1.
   */
  orders(history: History, days: number): number {
    const { r, alpha, s, beta } = this.#model;
    const { frequency, age } = history;
    const wait = Math.log1p(days / (beta + age));
    const stay = s === 1 ? wait : -Math.expm1(-(s - 1) * wait) / (s - 1);
    return (this.alive(history) * (r + frequency) * (beta + age) * stay) / (alpha + age);
  }

  /** G(until)/G(from) for customers with frequency x. */
  #ratio(x: number, from: number, until: number): number {
    const { r, s } = this.#model;
    const { lnAlpha, lnBeta } = this.#tables;
    return Math.exp(
      -(r + x) * (lnAlpha[until] - lnAlpha[from]) - s * (lnBeta[until] - lnBeta[from]),
    );
  }

  #integral(x: number): Float64Array {
    let integral = this.#integrals.get(x);
    if (!integral) {
      integral = this.#tables.integral(x);
      this.#integrals.set(x, integral);
    }
    return integral;
  }

  /**
   * The same with longer tables, their length doubled until they reach `day`. Which table is used
   * depends on the customer's own history alone, so that its score does not depend on who else is
   * scored, not even in the last bit.
   */
  #upTo(day: number): ParetoForecast {
    let days = this.#days;
    while (days < day) days *= 2;
    const known = this.#longer.get(days) ?? new ParetoForecast(this.#model, days);
    this.#longer.set(days, known);
    return known;
  }
}
