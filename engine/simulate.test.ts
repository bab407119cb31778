import { describe, expect, it } from "vitest";

import { Random } from "./maths/random.ts";
import { simulateStore } from "./simulate.ts";

const options = { seed: 3, customers: 4000, startDay: 100, endDay: 800 };

describe("a simulated store", () => {
  it("is the same for the same seed and another for another", () => {
    expect(simulateStore(options)).toEqual(simulateStore(options));
    expect(simulateStore({ ...options, seed: 4 })).not.toEqual(simulateStore(options));
  });

  it("has one row for each customer and day, sorted, within its days", () => {
    const { purchases } = simulateStore(options);
    const { customer, day, amount } = purchases;
    for (let i = 0; i < day.length; i++) {
      expect(day[i]).toBeGreaterThanOrEqual(100);
      expect(day[i]).toBeLessThan(800);
      expect(amount[i]).toBeGreaterThan(0);
      if (i === 0) continue;
      const later = customer[i] === customer[i - 1] ? day[i] > day[i - 1] : true;
      expect(customer[i] >= customer[i - 1] && later).toBe(true);
    }
    expect(customer.at(-1)).toBe(3999);
  });

  it("has no purchase after a customer has left", () => {
    const { purchases, truth } = simulateStore(options);
    purchases.customer.forEach((customer, i) => {
      expect(purchases.day[i]).toBeLessThanOrEqual(truth.lastAliveDay[customer]);
    });
  });

  it("grows, stays even or is one cohort, as asked", () => {
    const early = (acquisition: "steady" | "growing" | "cohort") => {
      const { purchases } = simulateStore({ ...options, acquisition });
      const { customer, day } = purchases;
      const firsts = day.filter((_, i) => i === 0 || customer[i] !== customer[i - 1]);
      return firsts.filter((first) => first < 450).length / firsts.length;
    };
    expect(early("steady")).toBeCloseTo(0.5, 1);
    expect(early("growing")).toBeCloseTo(0.25, 1);
    expect(early("cohort")).toBe(1);
  });
});

describe("random variates have the moments of their distributions", () => {
  const draws = 200_000;
  const mean = (draw: (random: Random) => number) => {
    const random = new Random(11);
    let sum = 0;
    for (let i = 0; i < draws; i++) sum += draw(random);
    return sum / draws;
  };

  // Each tolerance is about four standard errors of a mean of 200,000 draws.
  it("uniform, exponential and normal", () => {
    expect(Math.abs(mean((random) => random.uniform()) - 0.5)).toBeLessThan(0.003);
    expect(Math.abs(mean((random) => random.exponential()) - 1)).toBeLessThan(0.01);
    expect(Math.abs(mean((random) => random.normal()))).toBeLessThan(0.01);
    expect(Math.abs(mean((random) => random.normal() ** 2) - 1)).toBeLessThan(0.015);
  });

  it("gamma, also with a small shape", () => {
    expect(Math.abs(mean((random) => random.gamma(0.3, 2)) - 0.15)).toBeLessThan(0.003);
    expect(Math.abs(mean((random) => random.gamma(5, 2)) - 2.5)).toBeLessThan(0.01);
    expect(Math.abs(mean((random) => random.gamma(5, 2) ** 2) - 7.5)).toBeLessThan(0.07);
  });

  it("beta, also with tiny parameters", () => {
    expect(Math.abs(mean((random) => random.beta(0.8, 2.4)) - 0.25)).toBeLessThan(0.003);
    expect(Math.abs(mean((random) => random.beta(0.01, 0.01)) - 0.5)).toBeLessThan(0.005);
  });
});
