import { beforeAll, describe, expect, it } from "vitest";

import { evaluate } from "#app/scoring/evaluation/evaluate.ts";
import { simulateStore, summarize, traced } from "#engine";

import { type KeptRun, type KeptScore, reproduce } from "./reproduce.ts";

const asOfDay = 20_779;
let run: KeptRun;

beforeAll(() => {
  const startDay = asOfDay - 500;
  const { purchases } = simulateStore({ seed: 3, customers: 400, startDay, endDay: asOfDay });
  const { result } = evaluate(purchases, {
    asOfDay,
    reconstructed: false,
    fullHistory: true,
  });
  if (!result) throw new Error("the gate refused");
  const none: Omit<KeptScore, "buyProbability" | "expectedSpend"> = {
    clvTier: "",
    buyTier: "",
    expectedOrders: null,
    spendLow: null,
    spendHigh: null,
    nextOrderFrom: null,
    nextOrderTo: null,
  };
  const { fit, summary, scores } = result;
  const tiersOf = ["high", "moderate", "low", "new"];
  run = {
    fit,
    customers: summary.customers,
    summary: traced(purchases, summarize(purchases, asOfDay), fit),
    scores: Array.from({ length: summary.customers }, (_, row) => ({
      ...none,
      buyProbability: scores.buyProbability[row]!,
      expectedSpend: scores.expectedSpend[row]!,
      clvTier: tiersOf[scores.clvTier[row]!]!,
      buyTier: tiersOf[scores.buyTier[row]!]!,
    })),
  };
});

/** The next number that a double can hold. */
function nudged(value: number): number {
  return value * (1 + Number.EPSILON);
}

describe("a reproduced run", () => {
  it("is identical when nothing was changed", () => {
    expect(reproduce(run)).toEqual({ kind: "same", customers: run.customers });
  });

  it("reports which score differs, even in the last bit", () => {
    const [first, ...others] = run.scores;
    const scores = [{ ...first!, buyProbability: nudged(first!.buyProbability) }, ...others];
    expect(reproduce({ ...run, scores })).toEqual({
      kind: "different",
      differences: ["buyProbability of 1 customers"],
    });
  });

  it("reports which parameter differs, even in the last bit", () => {
    const fit = { ...run.fit, baseRate: nudged(run.fit.baseRate) };
    expect(reproduce({ ...run, fit })).toEqual({ kind: "different", differences: ["baseRate"] });
  });

  it("is impossible after a customer was removed", () => {
    expect(reproduce({ ...run, customers: run.customers + 1 })).toEqual({
      kind: "incomplete",
      kept: run.customers,
      customers: run.customers + 1,
    });
  });

  it("is not attempted with another engine version", () => {
    const fit = { ...run.fit, engineVersion: "0.0.1" };
    expect(reproduce({ ...run, fit })).toMatchObject({ kind: "other-engine", made: "0.0.1" });
  });
});
