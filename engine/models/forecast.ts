import type { History } from "../histories/histories.ts";
import { logistic } from "../maths/special.ts";
import { aliveProbability, type BetaGeometric, buyProbability } from "./beta-geometric.ts";
import type { BgNbd } from "./bg-nbd.ts";
import { DropoutExpectation } from "./expected-orders.ts";
import { fewEvents, lnOddsGoneRegular, type MbgCnbd } from "./mbg-cnbd.ts";
import type { MbgNbd } from "./mbg-nbd.ts";
import type { Nbd } from "./nbd.ts";
import { ParetoForecast } from "./pareto-forecast.ts";
import type { ParetoNbd } from "./pareto-nbd.ts";
import { regularOrders } from "./regular-orders.ts";

/** A fitted model of when customers buy. Amounts are no part of any of them. */
export type Likelihood = MbgNbd | BgNbd | ParetoNbd | MbgCnbd | Nbd;

/** One fitted model's predictions for one customer; histories and horizons in whole days. */
export type Forecast = {
  /** P(alive at T). Internal: not the probability of buying. */
  alive(history: History): number;
  /** P(at least one purchase in (T, T + days]). */
  buy(history: History, days: number): number;
  /** E[purchases in (T, T + days]]. */
  orders(history: History, days: number): number;
};

/** The forecast of a fitted model. */
export function forecastOf(likelihood: Likelihood): Forecast {
  switch (likelihood.model) {
    case "mbg-nbd":
      return betaGeometricForecast({ ...likelihood, atFirst: 1 });
    case "bg-nbd":
      return betaGeometricForecast({ ...likelihood, atFirst: 0 });
    case "pareto-nbd":
      return new ParetoForecast(likelihood);
    case "mbg-cnbd":
      return regularForecast(likelihood);
    case "nbd":
      return nbdForecast(likelihood);
  }
}

function betaGeometricForecast(model: BetaGeometric): Forecast {
  const { r, alpha, a, b, atFirst } = model;
  const dropout = new DropoutExpectation(a, b);
  const ofAlive = memoize(({ frequency, age }, days) =>
    dropout.orders(frequency + atFirst, r + frequency, days / (alpha + age)),
  );
  return {
    alive: (history) => aliveProbability(model, history),
    buy: (history, days) => buyProbability(model, history, days),
    orders: (history, days) => aliveProbability(model, history) * ofAlive(history, days),
  };
}

/**
 * MBG/CNBD-k, exact. Given that a customer is alive, j < k events have happened since the last
 * purchase with weights c_j u^j (`fewEvents`); expected orders are the mean over j.
 */
function regularForecast(model: MbgCnbd): Forecast {
  const { r, alpha, a, b, k } = model;
  const alive = (history: History) => logistic(-lnOddsGoneRegular(model, history));
  const given = Array.from({ length: k }, (_, done) =>
    memoize(({ frequency, age }, days) => {
      const q = days / (alpha + age + days);
      return regularOrders({ shape: r + k * frequency, q, k, a, b: b + frequency + 1 }, done);
    }),
  );
  const orders = (history: History, days: number) => {
    const shape = r + k * history.frequency;
    const u = (history.age - history.recency) / (alpha + history.age);
    let weight = 1;
    let sum = 0;
    let weights = 0;
    for (let done = 0; done < k; done++) {
      sum += weight * given[done](history, days);
      weights += weight;
      weight *= ((shape + done) * u) / (done + 1);
    }
    return (alive(history) * sum) / weights;
  };
  const buy = (history: History, days: number) => {
    const { frequency, recency, age } = history;
    const shape = r + k * frequency;
    const now = fewEvents(shape, (age - recency) / (alpha + age), k).value;
    const then = fewEvents(shape, (age - recency + days) / (alpha + age + days), k).value;
    const still = (then / now) * Math.exp(-shape * Math.log1p(days / (alpha + age)));
    return alive(history) * Math.max(0, 1 - still);
  };
  return { alive, buy, orders };
}

function nbdForecast({ r, alpha }: Nbd): Forecast {
  return {
    alive: () => 1,
    buy: ({ frequency, age }, days) =>
      -Math.expm1(-(r + frequency) * Math.log1p(days / (alpha + age))),
    orders: ({ frequency, age }, days) => ((r + frequency) * days) / (alpha + age),
  };
}

type OfCustomer = (history: History, days: number) => number;

/** Computes a function of (x, T) and the horizon once for each pair. */
function memoize(compute: OfCustomer): OfCustomer {
  const horizons = new Map<number, Map<number, number>>();
  return (history, days) => {
    let known = horizons.get(days);
    if (!known) {
      known = new Map();
      horizons.set(days, known);
    }
    const key = history.frequency * 2 ** 20 + history.age;
    let value = known.get(key);
    if (value === undefined) {
      value = compute(history, days);
      known.set(key, value);
    }
    return value;
  };
}
