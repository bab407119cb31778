import { describe, expect, it } from "vitest";

import type { LatestRun } from "#app/scoring/store/latest-run.server.ts";
import type { StoreFit } from "#engine";
import { fit } from "#tests/setup/fit.ts";
import { judgedWeek } from "#tests/setup/judged.ts";

import { accuracyView } from "./accuracy.ts";

const rehearsal: StoreFit["rehearsal"] = {
  cutoffDay: 20_700,
  horizonDays: 90,
  windows: 2,
  trials: [],
  test: { customers: 9, buyers: 3, auc: 0.8, logLoss: 0.5, brier: 0.1, ece: 0.1, baseLogLoss: 0.6 },
  calibration: [{ customers: 9, predicted: 0.3, observed: 0.33 }],
  totals: [20_700, 20_655].map((cutoffDay) => ({
    cutoffDay,
    buyers: { expected: 4, actual: 3 },
    orders: { expected: 5, actual: 4 },
    spend: { expected: 900, actual: 800 },
  })),
  seasonal: false,
  seasonTrials: [],
};

function run(changes: Partial<StoreFit> | null = {}): LatestRun {
  const rule = { code: "skill", passed: changes !== null } as LatestRun["rules"][number];
  return {
    id: "run",
    asOf: "2026-11-22",
    createdAt: new Date("2026-11-21T10:00:00Z"),
    horizonDays: 90,
    rules: [rule],
    basis: {} as LatestRun["basis"],
    scored:
      changes && ({ fit: { ...fit, rehearsal, ...changes }, totals: {} } as LatestRun["scored"]),
  };
}

const shown = { currency: "GBP", timeZone: "Europe/London", nextVerdictOn: "2026-11-29" };
const weeks = [
  judgedWeek("2026-08-23", { buyers: 61 }),
  judgedWeek("2026-08-16", { reconstructed: true }),
];

describe("the accuracy page's view", () => {
  const view = accuracyView({ ...shown, run: run(), weeks });

  it("has a line for each week, with the shares who bought and the range given beforehand", () => {
    expect(view.ledger.map(({ from, source }) => [from, source])).toEqual([
      ["2026-08-23", "judged"],
      ["2026-08-16", "reconstructed"],
    ]);
    expect(view.ledger[0]).toMatchObject({
      bought: { high: 0.58, moderate: 0.23, low: 0.16 },
      buyers: { expected: 60, actual: 61 },
      spend: { expected: 820_000, actual: 790_000, low: 656_000, high: 984_000 },
    });
  });

  it("draws the model's own tests before the oldest judged week, oldest first", () => {
    const places = view.windows.map(({ from, source }) => [from, source]);
    // Day 20700 is 2026-09-04, later than the oldest judged week.
    expect(places).toEqual([
      ["2026-07-21", "tested"],
      ["2026-08-16", "reconstructed"],
      ["2026-08-23", "judged"],
    ]);
    const first = accuracyView({ ...shown, run: run(), weeks: [] });
    expect(first.windows.map(({ from }) => from)).toEqual(["2026-07-21", "2026-09-04"]);
  });

  it("has the newest week's calibration, and before the first the model's own test's", () => {
    expect(view.calibration).toMatchObject({ from: "2026-08-23", tested: false });
    const first = accuracyView({ ...shown, run: run(), weeks: [] });
    expect(first.calibration).toMatchObject({ from: "2026-09-04", tested: true });
    expect(accuracyView({ ...shown, run: run({ rehearsal: null }), weeks: [] }).calibration).toBe(
      null,
    );
  });

  it("puts Encore beside the baseline rules, on the same customers", () => {
    expect(view.newest?.rivals.map(({ name, auc, gini }) => [name, auc, gini])).toEqual([
      ["encore", 0.8, 0.7],
      ["recency-frequency", 0.75, 0.5],
      ["past-spend", 0.7, 0.72],
    ]);
  });

  it("shares the average evenly between models whose weights were not kept", () => {
    const models = accuracyView({
      ...shown,
      run: run({ weights: undefined, others: [fit.likelihood] } as Partial<StoreFit>),
      weeks,
    }).model?.models;
    expect(models?.map(({ weight }) => weight)).toEqual([0.5, 0.5]);
    expect(models?.[0].parameters.map(([name]) => name)).toContain("alpha");
  });

  it("still shows the ledger when the gate refuses, with what is not met and no model", () => {
    const refused = accuracyView({ ...shown, run: run(null), weeks });
    expect(refused).toMatchObject({ model: null, unmet: ["skill"] });
    expect(refused.ledger).toHaveLength(2);
  });
});
