import { describe, expect, it } from "vitest";

import { cdnow, giftware } from "../../tests/stores/read.ts";
import { dayOf } from "../../tests/stores/rows.ts";
import { explain } from "../explain.ts";
import { fitStore } from "../fit.ts";
import { type Purchases, summarize } from "../histories/summary.ts";
import { Random } from "../maths/random.ts";
import { simulateStore } from "../simulate.ts";
import type { RuleCheck } from "./gate.ts";
import type { Rehearsal } from "./rehearsal.ts";
import { checkSkill, testDays } from "./skill-rule.ts";

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
    windows: 1,
    totals: [],
    trials: [],
    calibration: [],
    seasonal: false,
    seasonTrials: [],
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

describe("skill in the newest past window", () => {
  it("is enough with a log loss 2 % better than the base rate and an AUC of .6", () => {
    const [skill, buyers] = checkSkill(rehearsal({}), rhythm, when);
    expect(skill).toMatchObject({ code: "skill", passed: true, need: 0.02, unit: "share" });
    expect(skill.have).toBeCloseTo(0.1, 12);
    expect(buyers).toMatchObject({ code: "buyers", passed: true, have: 60, need: 20 });
  });

  it("is refused when the base rate does as well, or the ranking is no better than chance", () => {
    expect(checkSkill(rehearsal({ logLoss: 0.495 }), rhythm, when)[0].passed).toBe(false);
    const [skill] = checkSkill(rehearsal({ auc: 0.55 }), rhythm, when);
    expect(skill).toMatchObject({ passed: false, have: 0 });
  });

  it("is refused with fewer than 20 buyers, with a day by which there may be enough", () => {
    const [, buyers] = checkSkill(rehearsal({ buyers: 15 }), rhythm, when);
    expect(buyers).toMatchObject({ passed: false, have: 15, expectedDay: 500 });
  });

  it("needs 10 buyers only in a window of four median gaps", () => {
    const few = rehearsal({ buyers: 10 });
    expect(checkSkill(few, { ...rhythm, medianGapDays: 22 }, when)[1]).toMatchObject({
      passed: true,
      need: 10,
    });
    expect(checkSkill(few, { ...rhythm, medianGapDays: 23 }, when)[1]).toMatchObject({
      passed: false,
      need: 20,
    });
  });

  it("is unknown before the store is twice its horizon old", () => {
    const [skill, buyers] = checkSkill(null, rhythm, when);
    expect(skill).toMatchObject({ passed: false, expectedDay: 180 });
    expect(buyers).toMatchObject({ passed: false, expectedDay: 180 });
  });
});

describe("the window a store is tested on", () => {
  const days = (medianGapDays: number | null, historyDays: number, horizonDays = 30) =>
    testDays({ ...rhythm, medianGapDays }, { asOfDay: historyDays, horizonDays });

  it("is its horizon once the store is twice that old", () => {
    expect(days(3, 60)).toBe(30);
    expect(days(3, 400, 90)).toBe(90);
  });

  it("is half of a shorter history of at least four weeks and eight median gaps", () => {
    expect(days(3, 30)).toBe(15);
    expect(days(3, 28)).toBe(14);
    expect(days(3, 27)).toBe(30);
    expect(days(4, 30)).toBe(30);
    expect(days(4, 32)).toBe(16);
    expect(days(null, 40)).toBe(30);
  });

  it("is never shorter than a long horizon", () => {
    expect(days(3, 100, 90)).toBe(90);
  });

  it("is announced for the day it will be long enough", () => {
    const young = { ...rhythm, medianGapDays: 4 };
    const [skill] = checkSkill(null, young, { asOfDay: 30, horizonDays: 30 });
    expect(skill.expectedDay).toBe(32);
  });
});

describe("the whole gate", { timeout: 180_000 }, () => {
  const fit = (store: Purchases, asOfDay: number) =>
    fitStore(summarize(store, asOfDay), store, { asOfDay, fullHistory: true, rehearse: true });
  const failed = (rules: RuleCheck[]) =>
    rules.filter((rule) => !rule.passed).map((rule) => rule.code);

  it("lets the gift shop through on its skill", () => {
    const result = fit(giftware(), dayOf("2010-12-10"));
    expect(result.kind).toBe("fitted");
    expect(result.rules.map((rule) => rule.code)).toContain("skill");
    expect(failed(result.rules)).toEqual([]);
  });

  it("lets a small store with short gaps through, which has too little data without the test", () => {
    const likelihood = { r: 1.2, alpha: 12, a: 0.5, b: 4 };
    const options = { seed: 4, customers: 90, startDay: 0, endDay: 200, likelihood };
    const { purchases } = simulateStore(options);
    expect(fit(purchases, 200).kind).toBe("fitted");
    const untested = { asOfDay: 200, fullHistory: true };
    expect(fitStore(summarize(purchases, 200), purchases, untested).kind).toBe("refused");
  });

  it("lets CDNOW through on its skill", () => {
    const result = fit(cdnow(), dayOf("1998-01-01"));
    expect(result.kind).toBe("fitted");
    expect(failed(result.rules)).toEqual([]);
  });

  it("lets a coffee shop of 88 customers through after 30 days, tested on half of them", () => {
    const likelihood = { r: 0.5, alpha: 4, a: 0.4, b: 2 };
    const options = { seed: 1, customers: 88, startDay: 0, endDay: 30, likelihood };
    const result = fit(simulateStore(options).purchases, 30);
    if (result.kind === "refused") throw new Error(failed(result.rules).join());
    expect(result.fit).toMatchObject({ horizonDays: 30, rehearsal: { horizonDays: 15 } });
    const regular = { frequency: 5, recencyDays: 20, ageDays: 22, meanSpend: 4, buyProbability: 1 };
    expect(explain(regular, result.fit).similar).toBeNull();
  });

  it("refuses a shop of five weeks with a handful of customers", () => {
    const store = giftware();
    const kept = (_: number, row: number) => store.customer[row] % 16 === 3;
    const part = {
      customers: store.customers,
      customer: store.customer.filter(kept),
      day: store.day.filter(kept),
      amount: store.amount.filter(kept),
    };
    const result = fit(part, dayOf("2010-01-05"));
    expect(result.kind).toBe("refused");
    expect(failed(result.rules)).toContain("repeat-customers");
  });

  it("refuses a store whose customers all buy at the same rate", () => {
    const likelihood = { r: 60, alpha: 60 * 70, a: 0.001, b: 10 };
    const options = { seed: 8, customers: 800, startDay: 0, endDay: 700, likelihood };
    const result = fit(simulateStore({ ...options, acquisition: "cohort" }).purchases, 700);
    expect(result.kind).toBe("refused");
    expect(failed(result.rules)).toEqual(["skill"]);
  });

  it("refuses a store for one yearly occasion, with two years of data", () => {
    const result = fit(yearlyStore(0), 730);
    expect(result.kind).toBe("refused");
    expect(failed(result.rules)).toEqual(["history"]);
  });

  it("refuses such a store at any time of its second year, even where many buy twice for the occasion", () => {
    for (const asOfDay of [400, 460, 550, 640, 730]) {
      const result = fit(yearlyStore(0.6), asOfDay);
      expect(result.kind).toBe("refused");
      expect(failed(result.rules)).toContain("skill");
    }
  });
});

/**
 * 800 customers with one yearly occasion each, who buy on about the same day each year, some of
 * them twice within three weeks; each year a quarter of them leaves.
 */
function yearlyStore(twice: number): Purchases {
  const random = new Random(5);
  const rows = Array.from({ length: 800 }, (_, who) => {
    const days: number[] = [];
    let day = Math.floor(365 * random.uniform());
    do {
      days.push(day);
      if (random.uniform() < twice) days.push(day + 1 + Math.floor(20 * random.uniform()));
      day += 360 + Math.floor(10 * random.uniform());
    } while (day < 730 && random.uniform() > 0.25);
    return days.map((one) => [who, one]);
  }).flat();
  return {
    customer: Int32Array.from(rows, (row) => row[0]),
    day: Int32Array.from(rows, (row) => row[1]),
    amount: new Float64Array(rows.length).fill(20),
    customers: 800,
  };
}
