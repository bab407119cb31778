import { aliveProbability, buyProbability } from "./beta-geometric.ts";
import { ExpectedOrders } from "./expected-orders.ts";
import { expectedMeanSpend, type GammaGamma } from "./gamma-gamma.ts";
import { asBetaGeometric, type MbgNbd } from "./mbg-nbd.ts";
import { nextOrder } from "./next-order.ts";
import type { Summary } from "./summary.ts";

/** Gamma-Gamma with the store's own mean beside it. */
export type SpendFit = GammaGamma & {
  /** Mean spend for each purchase over the whole store. */
  storeMean: number;
  /** How far a customer's own mean is trusted, 0 … 1: less than 1 with few repeat customers. */
  trust: number;
};

/** What the predictions rest on. */
export type Models = {
  asOfDay: number;
  horizonDays: number;
  likelihood: MbgNbd;
  spend: SpendFit;
};

/** One value for each row of the summary. */
export type Predictions = {
  /** P(at least one order within the horizon). */
  buyProbability: Float64Array;
  expectedOrders: Float64Array;
  /** Expected net spend within the horizon, in the unit of the amounts. */
  expectedSpend: Float64Array;
  /** First and last day of the range in which the next order is expected; −1 for none. */
  nextOrderFromDay: Int32Array;
  nextOrderToDay: Int32Array;
};

/** Predicts every customer of a summary that was taken at `models.asOfDay`. */
export function predict(summary: Summary, models: Models): Predictions {
  const { horizonDays, asOfDay, spend } = models;
  const model = asBetaGeometric(models.likelihood);
  const orders = new OrdersOfAlive(new ExpectedOrders(model, horizonDays));
  const out = emptyPredictions(summary.customers);
  const history = { frequency: 0, recency: 0, age: 0 };
  for (let i = 0; i < summary.customers; i++) {
    history.frequency = summary.frequency[i];
    history.recency = summary.recencyDays[i];
    history.age = summary.ageDays[i];
    out.buyProbability[i] = buyProbability(model, history, horizonDays);
    out.expectedOrders[i] =
      aliveProbability(model, history) * orders.at(history.frequency, history.age);
    out.expectedSpend[i] =
      out.expectedOrders[i] * meanSpend(spend, history.frequency + 1, summary.meanSpend[i]);
    const next = nextOrder(model, history);
    out.nextOrderFromDay[i] = next ? asOfDay + Math.floor(next.from) : -1;
    out.nextOrderToDay[i] = next ? asOfDay + Math.ceil(next.to) : -1;
  }
  return out;
}

/** A customer's expected spend for each purchase, never below zero. */
function meanSpend(spend: SpendFit, purchases: number, observed: number): number {
  const own = expectedMeanSpend(spend, purchases, observed);
  return spend.trust * own + (1 - spend.trust) * spend.storeMean;
}

/** Expected orders of an alive customer depend on (x, T) alone: each pair is worked out once. */
class OrdersOfAlive {
  readonly #known = new Map<number, number>();
  readonly #orders: ExpectedOrders;

  constructor(orders: ExpectedOrders) {
    this.#orders = orders;
  }

  at(frequency: number, age: number): number {
    const key = frequency * 2 ** 20 + age;
    let value = this.#known.get(key);
    if (value === undefined) {
      value = this.#orders.ofAlive(frequency, age);
      this.#known.set(key, value);
    }
    return value;
  }
}

function emptyPredictions(customers: number): Predictions {
  return {
    buyProbability: new Float64Array(customers),
    expectedOrders: new Float64Array(customers),
    expectedSpend: new Float64Array(customers),
    nextOrderFromDay: new Int32Array(customers),
    nextOrderToDay: new Int32Array(customers),
  };
}
