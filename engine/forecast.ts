import { aliveProbability, buyProbability, type BetaGeometric } from "./beta-geometric.ts";
import type { BgNbd } from "./bg-nbd.ts";
import { DropoutExpectation } from "./expected-orders.ts";
import type { History } from "./histories.ts";
import { fewEvents, lnOddsGoneRegular, type MbgCnbd } from "./mbg-cnbd.ts";
import type { MbgNbd } from "./mbg-nbd.ts";
import type { Nbd } from "./nbd.ts";
import type { ParetoNbd } from "./pareto-nbd.ts";
import { ParetoForecast } from "./pareto-forecast.ts";
import { logistic } from "./special.ts";

/** A fitted model of when customers buy. Amounts are no part of any of them. */
export type Likelihood = MbgNbd | BgNbd | ParetoNbd | MbgCnbd | Nbd;

/** What one fitted model says of one customer; histories and horizons in whole days. */
export type Forecast = {
  /** P(alive at T): for inner use, it is never the likelihood of buying. */
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
  const ofAlive = remember(({ frequency, age }, days) =>
    dropout.orders(frequency + atFirst, r + frequency, days / (alpha + age)),
  );
  return {
    alive: (history) => aliveProbability(model, history),
    buy: (history, days) => buyProbability(model, history, days),
    orders: (history, days) => aliveProbability(model, history) * ofAlive(history, days),
  };
}

/**
 * MBG/CNBD-k. P(buy) is exact. Expected orders have no closed form: those of the MBG/NBD with the
 * same mean rate λ/k are scaled by the ratio of the two P(buy), which is exact both for rare and
 * for frequent purchases.
 */
function regularForecast(model: MbgCnbd): Forecast {
  const { r, alpha, a, b, k } = model;
  const dropout = new DropoutExpectation(a, b);
  const alive = (history: History) => logistic(-lnOddsGoneRegular(model, history));
  const buy = (history: History, days: number) => {
    const { frequency, recency, age } = history;
    const shape = r + k * frequency;
    const now = fewEvents(shape, (age - recency) / (alpha + age), k).value;
    const then = fewEvents(shape, (age - recency + days) / (alpha + age + days), k).value;
    const still = (then / now) * Math.exp(-shape * Math.log1p(days / (alpha + age)));
    return alive(history) * Math.max(0, 1 - still);
  };
  const ordersForEachBuyer = remember(({ frequency, age }, days) => {
    const shape = r + k * frequency;
    const share = days / (k * (alpha + age));
    const once = -Math.expm1(-shape * Math.log1p(share));
    return dropout.orders(frequency + 1, shape, share) / once;
  });
  return {
    alive,
    buy,
    orders: (history, days) => buy(history, days) * ordersForEachBuyer(history, days),
  };
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

/** What depends on (x, T) and the horizon alone is worked out once for each pair. */
function remember(compute: OfCustomer): OfCustomer {
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
