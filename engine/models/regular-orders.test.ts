import gammaln from "@stdlib/math-base-special-gammaln";
import fc from "fast-check";
import { expect, it } from "vitest";

import { anyHistory } from "../../tests/stores/summaries.ts";
import { Random } from "../maths/random.ts";
import { DropoutExpectation } from "./expected-orders.ts";
import { forecastOf } from "./forecast.ts";
import { eventsAtLeast, regularOrders } from "./regular-orders.ts";

const shapes = fc.double({ min: -2, max: 7, noNaN: true }).map(Math.exp);
const shares = fc.double({ min: 0.001, max: 0.95, noNaN: true });

it("the events are negative binomial", () => {
  fc.assert(
    fc.property(shapes, shares, fc.nat(30), (shape, q, m) => {
      const atLeast = eventsAtLeast(shape, q);
      const term = (atLeast[m] ?? 0) - (atLeast[m + 1] ?? 0);
      const ln = gammaln(shape + m) - gammaln(shape) - gammaln(m + 1);
      const expected = Math.exp(ln + shape * Math.log1p(-q) + m * Math.log(q));
      expect(Math.abs(term - expected)).toBeLessThan(1e-10);
      expect(atLeast[0]).toBe(1);
    }),
  );
});

it("stay finite and correct for very many events", () => {
  const atLeast = eventsAtLeast(20_000, 0.4);
  const mean = atLeast.reduce((sum, tail) => sum + tail, 0) - 1;
  expect(mean / ((20_000 * 0.4) / 0.6)).toBeCloseTo(1, 9);
});

it("with k = 1 expected orders are those of MBG/NBD", () => {
  fc.assert(
    fc.property(fc.tuple(shapes, shares, shapes, shapes), ([shape, q, a, b]) => {
      const plain = new DropoutExpectation(a, b).orders(0, shape, q / (1 - q));
      const regular = regularOrders({ shape, q, k: 1, a, b }, 0);
      expect(Math.abs(regular / plain - 1)).toBeLessThan(1e-6);
    }),
  );
});

it("with at most one order, expected orders equal P(buy)", () => {
  const model = {
    model: "mbg-cnbd" as const,
    k: 3,
    r: 1.2,
    alpha: 15,
    a: 0.6,
    b: 3,
    logLikelihood: 0,
  };
  fc.assert(
    fc.property(anyHistory, fc.integer({ min: 1, max: 200 }), (history, days) => {
      const forecast = forecastOf(model);
      const orders = forecast.orders(history, days);
      expect(orders).toBeGreaterThanOrEqual(forecast.buy(history, days) * (1 - 1e-9) - 1e-13);
    }),
  );
  const surelyOnce = { ...model, a: 1e9, b: 1 };
  const forecast = forecastOf(surelyOnce);
  const history = { frequency: 0, recency: 0, age: 20 };
  expect(forecast.orders(history, 30) / forecast.buy(history, 30)).toBeCloseTo(1, 6);
});

it("expected orders equal those of simulated customers", () => {
  const customer = { shape: 4, q: 60 / (40 + 60), k: 3, a: 0.8, b: 3 };
  const random = new Random(5);
  const draws = 100_000;
  let orders = 0;
  for (let i = 0; i < draws; i++) {
    const rate = random.gamma(4, 40);
    const leaves = random.beta(0.8, 3);
    let events = 1; // one event since the last purchase
    for (let time = random.exponential() / rate; time < 60; time += random.exponential() / rate) {
      events++;
      if (events % 3 > 0) continue;
      orders++;
      if (random.uniform() < leaves) break;
    }
  }
  // The shape passed is that before the event already done, whose weight the rate carries.
  const expected = regularOrders({ ...customer, shape: 3 }, 1);
  expect(Math.abs(orders / draws / expected - 1)).toBeLessThan(0.02);
});
