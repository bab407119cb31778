import { describe, expect, it } from "vitest";

import { cdnow, giftware } from "../../tests/stores/read.ts";
import { dayOf } from "../../tests/stores/rows.ts";
import { backtest } from "../backtest.ts";
import { compressHistories } from "../histories/histories.ts";
import { outcomesOf } from "../histories/outcomes.ts";
import { summarize } from "../histories/summary.ts";
import { traced } from "../histories/traces.ts";
import { logLoss } from "../maths/likelihood-metrics.ts";
import { fitCandidate } from "../models/candidates.ts";
import { buyProbabilities, rowsOf } from "../models/history-rows.ts";
import { simulateStore } from "../simulate.ts";
import { recalibrate } from "./recalibration.ts";
import {
  learnRecalibration,
  noRecalibration,
  Recalibrated,
  type RecalibrationSample,
  rowsInOrder,
  shiftTo,
} from "./recalibration.ts";

const { purchases } = simulateStore({ seed: 9, customers: 4000, startDay: 0, endDay: 700 });
const summary = traced(purchases, summarize(purchases, 600), { asOfDay: 600, horizonDays: 90 });
const histories = compressHistories(summary);
const byRow = buyProbabilities(fitCandidate("mbg-nbd", histories), histories, 90);
const said = Float64Array.from(rowsOf(histories, summary), (row) => byRow[row]);
const { bought } = outcomesOf(purchases, summary, [600, 690]);
const each = { weight: new Uint8Array(bought.length).fill(1), buyers: bought };
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((all, one) => all + one, 0);

function lessonOf(probabilities: Float64Array, outcome = bought): RecalibrationSample {
  const rows = rowsInOrder(summary, outcome);
  return {
    summary,
    rows,
    probability: Float64Array.from(rows, (row) => probabilities[row]),
    bought: Uint8Array.from(rows, (row) => outcome[row]),
  };
}

describe("a recalibration", () => {
  it("corrects models that underrate frequency, and hardly changes those that are right", () => {
    const wrong = said.map((p, row) => p / (1 + summary.frequency[row] / 3));
    const better = (probabilities: Float64Array) => {
      const recalibration = learnRecalibration([lessonOf(probabilities)]);
      return recalibrate(summary, probabilities, { recalibration, level: 0 });
    };
    expect(logLoss(better(wrong), each)).toBeLessThan(logLoss(wrong, each) - 0.005);
    expect(logLoss(better(said), each)).toBeLessThan(logLoss(said, each) + 0.0005);
  });

  it("has the total set by the level, whatever the total of the window was", () => {
    const everybody = new Uint8Array(bought.length).fill(1);
    const recalibration = learnRecalibration([lessonOf(said, everybody)]);
    for (const level of [0, -0.3, 0.2]) {
      const recalibrated = recalibrate(summary, said, { recalibration, level });
      expect(sum(recalibrated) / sum(said)).toBeCloseTo(Math.exp(level), 7);
    }
    const plain = recalibrate(summary, said, { recalibration: null, level: 0 });
    // Logits are of probabilities of at least a millionth.
    plain.forEach((p, row) => expect(p).toBeCloseTo(Math.max(1e-6, said[row]), 7));
  });

  it("clamps features to the range of the training data, and requires traces where it uses them", () => {
    const recalibration = learnRecalibration([lessonOf(said)]);
    const seen = new Recalibrated(recalibration, summary);
    const most = summary.frequency.reduce((high, x) => Math.max(high, x), 0);
    const row = summary.frequency.indexOf(most);
    const frequency = summary.frequency.map((x) => (x === most ? 1 : x));
    expect(recalibration.high[1]).toBeCloseTo(Math.log1p(most), 12);
    expect(seen.probability(row, 0.5)).toBeGreaterThan(0);
    expect(seen.probability(row, 1)).toBeLessThan(1);
    expect(() => new Recalibrated(recalibration, summarize(purchases, 600))).toThrow(/traced/);
    expect(
      () => new Recalibrated(noRecalibration, { ...summarize(purchases, 600), frequency }),
    ).not.toThrow();
  });

  it("is learned from rows sorted by their values", () => {
    const order = rowsInOrder(summary, bought);
    for (let i = 1; i < order.length; i++) {
      expect(summary.frequency[order[i]]).toBeGreaterThanOrEqual(summary.frequency[order[i - 1]]);
    }
  });
});

it("a shift is found for any possible total", () => {
  const logits = Float64Array.from([-8, -1, 0, 0.5, 7]);
  for (const total of [0.001, 0.7, 2.5, 4.9]) {
    const shift = shiftTo(total, logits);
    expect(sum(logits.map((z) => 1 / (1 + Math.exp(-z - shift))))).toBeCloseTo(total, 9);
  }
});

describe("out of time", { timeout: 180_000 }, () => {
  it("CDNOW's buyers are ranked better than by RFM", () => {
    const result = backtest(cdnow(), { cutoffDay: dayOf("1998-04-01"), horizonDays: 90 })!;
    expect(result.fit.learned.recalibration).not.toBeNull();
    const rfm = result.baselines.find(({ baseline }) => baseline === "rfm")!;
    expect(result.models[0].auc).toBeGreaterThan(rfm.auc!);
  });

  it("the gift shop at 2010-06-01 has an AUC of .741 and a log loss of .549 over 30 and 90 days", () => {
    const at = (horizonDays: number) =>
      backtest(giftware(), { cutoffDay: dayOf("2010-06-01"), horizonDays })!.models[0];
    const [month, quarter] = [at(30), at(90)];
    expect((month.auc! + quarter.auc!) / 2).toBeGreaterThan(0.741);
    expect((month.logLoss + quarter.logLoss) / 2).toBeLessThan(0.549);
  });
});
