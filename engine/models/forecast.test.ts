import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { calibration } from "../../tests/stores/papers.ts";
import { cdnowSample } from "../../tests/stores/read.ts";
import { anyHistory } from "../../tests/stores/summaries.ts";
import { compressHistories } from "../histories/histories.ts";
import { forecastOf, type Likelihood } from "./forecast.ts";
import { fitParetoNbd } from "./pareto-nbd.ts";

const shape = fc.double({ min: -3, max: 3, noNaN: true }).map(Math.exp);
const days = fc.double({ min: 0, max: 7, noNaN: true }).map(Math.exp);
const logLikelihood = 0;
const anyModel: fc.Arbitrary<Likelihood> = fc.oneof(
  fc.record({ r: shape, alpha: days }).map((p) => ({ model: "nbd" as const, ...p, logLikelihood })),
  fc
    .record({ r: shape, alpha: days, a: shape, b: shape })
    .map((p) => ({ model: "mbg-nbd" as const, ...p, logLikelihood })),
  fc
    .record({ r: shape, alpha: days, a: shape, b: shape })
    .map((p) => ({ model: "bg-nbd" as const, ...p, logLikelihood })),
  fc
    .record({ r: shape, alpha: days, a: shape, b: shape, k: fc.constantFrom(2, 3, 4) })
    .map((p) => ({ model: "mbg-cnbd" as const, ...p, logLikelihood })),
  fc
    .record({ r: shape, alpha: days, s: shape, beta: days })
    .map((p) => ({ model: "pareto-nbd" as const, ...p, logLikelihood })),
);

describe("every model", () => {
  it("gives probabilities between 0 and 1, rising with the horizon", () => {
    fc.assert(
      fc.property(
        anyModel,
        anyHistory,
        fc.integer({ min: 1, max: 365 }),
        (model, history, horizon) => {
          const forecast = forecastOf(model);
          const alive = forecast.alive(history);
          const sooner = forecast.buy(history, horizon);
          const later = forecast.buy(history, horizon + 30);
          expect(alive).toBeGreaterThanOrEqual(0);
          expect(alive).toBeLessThanOrEqual(1);
          expect(sooner).toBeGreaterThanOrEqual(0);
          expect(sooner).toBeLessThanOrEqual(alive + 1e-12);
          expect(later).toBeGreaterThanOrEqual(sooner - 1e-12);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("expects at least as many orders as P(buy)", () => {
    fc.assert(
      fc.property(
        anyModel,
        anyHistory,
        fc.integer({ min: 1, max: 365 }),
        (model, history, horizon) => {
          const forecast = forecastOf(model);
          const orders = forecast.orders(history, horizon);
          expect(Number.isFinite(orders)).toBe(true);
          expect(orders).toBeGreaterThanOrEqual(
            forecast.buy(history, horizon) * (1 - 1e-6) - 1e-12,
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it("has P(alive) rise with a more recent last purchase", () => {
    fc.assert(
      fc.property(anyModel, anyHistory, (model, history) => {
        fc.pre(history.frequency > 0 && history.recency < history.age);
        const forecast = forecastOf(model);
        const fresher = { ...history, recency: history.recency + 1 };
        expect(forecast.alive(fresher)).toBeGreaterThanOrEqual(forecast.alive(history) - 1e-12);
      }),
      { numRuns: 200 },
    );
  });
});

describe("Pareto/NBD", () => {
  it("gives the known figures for a customer of 26 repeats, times in weeks", () => {
    const forecast = forecastOf({
      model: "pareto-nbd",
      r: 0.5533,
      alpha: 10.578 * 7,
      s: 0.6061,
      beta: 11.66 * 7,
      logLikelihood,
    });
    const customer = { frequency: 26, recency: 216, age: 217 };
    expect(Math.abs(forecast.alive(customer) - 0.99792)).toBeLessThan(0.0001);
    expect(Math.abs(forecast.orders(customer, 52 * 7) - 25.455)).toBeLessThan(0.01);
    const newcomer = { frequency: 0, recency: 0, age: 0 };
    expect(Math.abs(forecast.orders(newcomer, 52 * 7) - 1.4731)).toBeLessThan(0.0005);
  });

  it("expects 1665.5 purchases of the CDNOW sample in weeks 40 to 78", () => {
    const sample = calibration(cdnowSample());
    const forecast = forecastOf(fitParetoNbd(compressHistories(sample), { prior: false }));
    let total = 0;
    for (let i = 0; i < sample.customers; i++) {
      const history = {
        frequency: sample.frequency[i],
        recency: sample.recencyDays[i],
        age: sample.ageDays[i],
      };
      total += forecast.orders(history, 39 * 7);
    }
    expect(Math.abs(total - 1665.5)).toBeLessThan(0.2);
  });

  it("gives a very frequent customer who stopped long ago P(alive) of 0", () => {
    const model = { r: 0.55, alpha: 10, s: 0.6, beta: 11, logLikelihood };
    const forecast = forecastOf({ model: "pareto-nbd", ...model });
    expect(forecast.alive({ frequency: 1000, recency: 1000, age: 10000 })).toBe(0);
    expect(forecast.alive({ frequency: 221, recency: 724, age: 725 })).toBeGreaterThan(0.9);
  });

  it("scores a customer the same whoever else is scored", () => {
    const model = { r: 0.55, alpha: 70, s: 0.6, beta: 80, logLikelihood };
    const customer = { frequency: 3, recency: 100, age: 200 };
    const fresh = forecastOf({ model: "pareto-nbd", ...model });
    const used = forecastOf({ model: "pareto-nbd", ...model });
    used.buy({ frequency: 3, recency: 100, age: 6000 }, 90);
    expect(used.buy(customer, 90)).toBe(fresh.buy(customer, 90));
  });
});
