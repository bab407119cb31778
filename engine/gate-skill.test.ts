import { describe, expect, test } from "vitest";
import { giftware } from "#tests/stores/read.ts";
import { dayOf } from "#tests/stores/rows.ts";
import { fitStore } from "./fit.ts";
import { checkSkill } from "./gate-skill.ts";
import type { RuleCheck } from "./gate.ts";
import type { Rehearsal } from "./rehearsal.ts";
import { simulateStore } from "./simulate.ts";
import { summarize, type Purchases } from "./summary.ts";

const rhythm = {
  customers: 300,
  repeatCustomers: 100,
  firstDay: 0,
  lastDay: 399,
  medianGapDays: 30,
  secondPurchaseDays: 60,
  recentCustomers: 90,
  recentRepeatCustomers: 45,
};
const when = { asOfDay: 400, horizonDays: 90 };

function rehearsal(test: Partial<Rehearsal["test"]>): Rehearsal {
  return {
    cutoffDay: 310,
    horizonDays: 90,
    pastWeight: 0.5,
    chosen: ["mbg-nbd"],
    trials: [],
    calibration: [],
    seasonal: false,
    seasonTrials: [],
    refinement: null,
    refinementTrial: null,
    test: {
      customers: 250,
      buyers: 60,
      baseLogLoss: 0.5,
      logLoss: 0.45,
      auc: 0.75,
      brier: 0.1,
      ece: 0.02,
      ...test,
    },
  };
}

describe("skill in the store's own last window", () => {
  test("is enough with a log loss 2 % better than the base rate and an AUC of .6", () => {
    const [skill, buyers] = checkSkill(rehearsal({}), rhythm, when);
    expect(skill).toMatchObject({ code: "skill", passed: true, need: 0.02, unit: "share" });
    expect(skill.have).toBeCloseTo(0.1, 12);
    expect(buyers).toMatchObject({ code: "buyers", passed: true, have: 60, need: 20 });
  });

  test("is refused when the base rate does as well, or the order is no better than chance", () => {
    expect(checkSkill(rehearsal({ logLoss: 0.495 }), rhythm, when)[0].passed).toBe(false);
    const [skill] = checkSkill(rehearsal({ auc: 0.55 }), rhythm, when);
    expect(skill).toMatchObject({ passed: false, have: 0 });
  });

  test("is refused with fewer than 20 buyers, with a day by which there may be enough", () => {
    const [, buyers] = checkSkill(rehearsal({ buyers: 15 }), rhythm, when);
    expect(buyers).toMatchObject({ passed: false, have: 15, expectedDay: 500 });
  });

  test("cannot be told before the store is twice its horizon old", () => {
    const [skill, buyers] = checkSkill(null, rhythm, when);
    expect(skill).toMatchObject({ passed: false, expectedDay: 180 });
    expect(buyers).toMatchObject({ passed: false, expectedDay: 180 });
  });
});

describe("the whole gate", () => {
  const fit = (store: Purchases, asOfDay: number) =>
    fitStore(summarize(store, asOfDay), store, { asOfDay, fullHistory: true, rehearse: true });
  const failed = (rules: RuleCheck[]) =>
    rules.filter((rule) => !rule.passed).map((rule) => rule.code);

  test("lets the gift shop through on its skill", () => {
    const result = fit(giftware(), dayOf("2010-12-10"));
    expect(result.kind).toBe("fitted");
    expect(result.rules.map((rule) => rule.code)).toContain("skill");
    expect(failed(result.rules)).toEqual([]);
  });

  test("lets a small store of fast rhythm through, which has too little data to go untested", () => {
    const likelihood = { r: 1.2, alpha: 12, a: 0.5, b: 4 };
    const options = { seed: 4, customers: 90, startDay: 0, endDay: 200, likelihood };
    const { purchases } = simulateStore(options);
    expect(fit(purchases, 200).kind).toBe("fitted");
    const untested = { asOfDay: 200, fullHistory: true };
    expect(fitStore(summarize(purchases, 200), purchases, untested).kind).toBe("refused");
  });

  test("refuses a store whose customers all buy alike and at random", () => {
    const likelihood = { r: 60, alpha: 60 * 70, a: 0.001, b: 10 };
    const options = { seed: 8, customers: 800, startDay: 0, endDay: 700, likelihood };
    const result = fit(simulateStore({ ...options, acquisition: "cohort" }).purchases, 700);
    expect(result.kind).toBe("refused");
    expect(failed(result.rules)).toEqual(["skill"]);
  });

  test("refuses a store that sells once a year, with two years of data", () => {
    const result = fit(yearlyStore(), 365 + 95);
    expect(result.kind).toBe("refused");
    expect(failed(result.rules)).toEqual(["history"]);
  });
});

/** 800 customers who come in one season of 90 days, half of whom come again a year later. */
function yearlyStore(): Purchases {
  const rows = Array.from({ length: 800 }, (_, who) => {
    const first = (who * 37) % 90;
    return who % 2 === 0
      ? [[who, first]]
      : [
          [who, first],
          [who, first + 365],
        ];
  }).flat();
  return {
    customer: Int32Array.from(rows, (row) => row[0]),
    day: Int32Array.from(rows, (row) => row[1]),
    amount: new Float64Array(rows.length).fill(20),
    customers: 800,
  };
}
