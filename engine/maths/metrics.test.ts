import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { bias, gini, ranks, spearman, topFifthShare } from "./metrics.ts";

it("ranks start at 1 and ties share their mean", () => {
  expect([...ranks([30, 10, 20, 20])]).toEqual([4, 1, 2.5, 2.5]);
});

describe("the normalised Gini", () => {
  it("is 1 for the perfect order, −1 for the reverse and 0 for equal scores", () => {
    const spent = [0, 0, 5, 10, 85];
    expect(gini([1, 2, 3, 4, 5], spent)).toBeCloseTo(1, 12);
    expect(gini([5, 4, 3, 2, 1], spent)).toBeLessThan(0);
    expect(gini([1, 1, 1, 1, 1], spent)).toBeCloseTo(0, 12);
    expect(gini([1, 2], [0, 0])).toBeNull();
  });

  it("is the area between the Lorenz curve and the diagonal over the perfect one", () => {
    const amounts = fc.array(fc.tuple(fc.nat(1000), fc.nat(50)), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(amounts, (rows) => {
        const scores = rows.map(([score], i) => score + i / 1000);
        const spent = rows.map(([, amount]) => amount);
        fc.pre(new Set(spent).size > 1);
        const area = (order: number[]) => {
          const total = spent.reduce((sum, amount) => sum + amount, 0);
          let held = 0;
          let under = 0;
          for (const i of order) {
            under += (held + spent[i] / 2) / total / spent.length;
            held += spent[i];
          }
          return 0.5 - under;
        };
        const by = (values: number[]) =>
          [...values.keys()].sort((left, right) => values[left] - values[right]);
        expect(gini(scores, spent)).toBeCloseTo(area(by(scores)) / area(by(spent)), 9);
      }),
    );
  });
});

it("the top fifth holds its share", () => {
  expect(topFifthShare([5, 1, 2, 3, 4], [50, 10, 10, 10, 20])).toBeCloseTo(0.5, 12);
  expect(topFifthShare([1, 2], [0, 0])).toBeNull();
});

it("Spearman is 1 for any rising relation and null for a constant", () => {
  expect(spearman([1, 2, 3], [10, 100, 1000])).toBeCloseTo(1, 12);
  expect(spearman([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  expect(spearman([1, 1, 1], [3, 2, 1])).toBeNull();
});

it("bias is the error of the total", () => {
  expect(bias([1, 2], [2, 4])).toBeCloseTo(-0.5, 12);
  expect(bias([1, 2], [0, 0])).toBeNull();
});
