import { describe, expect, test } from "vitest";
import { cdnow } from "../tests/stores/read.ts";
import { dayOf } from "../tests/stores/rows.ts";
import { backtest } from "./backtest.ts";
import { fitCandidate } from "./candidates.ts";
import { compressHistories } from "./histories.ts";
import { logLoss } from "./likelihood-metrics.ts";
import { outcomesOf } from "./outcomes.ts";
import { pastWindows } from "./past-windows.ts";
import { learnRefinement } from "./refinement-trial.ts";
import { fitRefinement, refine, refineAll, withShift } from "./refinement.ts";
import { buyersOf, buyProbabilities } from "./history-rows.ts";
import { simulateStore } from "./simulate.ts";
import { summarize } from "./summary.ts";

const { purchases } = simulateStore({ seed: 9, customers: 4000, startDay: 0, endDay: 700 });
const summary = summarize(purchases, 600);
const histories = compressHistories(summary);
const probabilities = buyProbabilities(fitCandidate("mbg-nbd", histories), histories, 90);
const outcomes = outcomesOf(purchases, summary, [600, 690]);
const buyers = buyersOf(histories, summary, outcomes);
const opinions = { histories, probabilities };
const rows = { weight: histories.weight, buyers };
const total = (values: Float64Array) =>
  values.reduce((sum, value, row) => sum + value * histories.weight[row], 0);

describe("a refinement", () => {
  test("fits the window it was learned on at least as well as the models", () => {
    const refinement = withShift(fitRefinement(opinions, buyers), opinions);
    const refined = refineAll(refinement, opinions);
    expect(logLoss(refined, rows)).toBeLessThan(logLoss(probabilities, rows) + 0.0005);
  });

  test("gives back the models' mean, whatever the level of the window was", () => {
    const everybody = Float64Array.from(histories.weight);
    const refinement = withShift(fitRefinement(opinions, everybody), opinions);
    expect(total(refineAll(refinement, opinions)) / total(probabilities)).toBeCloseTo(1, 6);
  });

  test("corrects models that trust frequency too little", () => {
    const wrong = probabilities.map((p, row) => p / (1 + histories.frequency[row] / 3));
    const flawed = { histories, probabilities: wrong };
    const refined = refineAll(withShift(fitRefinement(flawed, buyers), flawed), flawed);
    expect(logLoss(refined, rows)).toBeLessThan(logLoss(wrong, rows) - 0.005);
  });

  test("changes nothing more beyond what it has seen, and stays a probability", () => {
    const refinement = withShift(fitRefinement(opinions, buyers), opinions);
    const seen = { frequency: Math.max(...histories.frequency), recency: 590, age: 600 };
    const beyond = { ...seen, frequency: 10 * seen.frequency };
    expect(refine(refinement, 0.9, beyond)).toBe(refine(refinement, 0.9, seen));
    for (const p of [0, 1e-9, 0.5, 1]) {
      expect(refine(refinement, p, beyond)).toBeGreaterThanOrEqual(0);
      expect(refine(refinement, p, beyond)).toBeLessThanOrEqual(1);
    }
  });
});

describe("whether to refine is learned from the window before", { timeout: 60_000 }, () => {
  const models = { chosen: ["mbg-nbd" as const], weights: [1] };
  const when = { asOfDay: 690, horizonDays: 90, firstDay: 0 };

  test("not in a store that is as the models say", () => {
    const { refinement, trial } = learnRefinement(pastWindows(purchases, when, false), models);
    expect(refinement).toBeNull();
    expect(Math.abs(trial!.plain - trial!.refined)).toBeLessThan(0.005);
  });

  test("nor in one younger than three horizons, nor with few buyers", () => {
    const young = { asOfDay: 200, horizonDays: 90, firstDay: 0 };
    expect(learnRefinement(pastWindows(purchases, young, false), models).trial).toBeNull();
    const small = simulateStore({ seed: 9, customers: 200, startDay: 0, endDay: 700 }).purchases;
    expect(learnRefinement(pastWindows(small, when, false), models).trial).toBeNull();
  });

  test("but in CDNOW, where it then ranks buyers better than RFM does with money", () => {
    const result = backtest(cdnow(), { cutoffDay: dayOf("1998-04-01"), horizonDays: 90 })!;
    const singles = result.models.slice(1);
    expect(result.fit.refinement).not.toBeNull();
    expect(result.models[0].logLoss).toBeLessThan(Math.min(...singles.map((one) => one.logLoss)));
    const rfm = result.peers.find(({ peer }) => peer === "rfm")!;
    expect(result.models[0].auc).toBeGreaterThan(rfm.auc!);
  });
});
