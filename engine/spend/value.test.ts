import { describe, expect, it } from "vitest";

import { cdnow, giftware } from "../../tests/stores/read.ts";
import { dayOf } from "../../tests/stores/rows.ts";
import { fitStore } from "../fit.ts";
import { baselineScores } from "../gate/baselines.ts";
import { outcomesOf } from "../histories/outcomes.ts";
import { type Purchases, summarize } from "../histories/summary.ts";
import { traced } from "../histories/traces.ts";
import { gini } from "../maths/metrics.ts";
import { scoreStore } from "../score.ts";
import { simulateStore } from "../simulate.ts";
import { blended, blendOf, choosePastWeight } from "./value.ts";

/** Many fits to real stores: about two seconds on an idle machine, more beside other work. */
const SLOW = { timeout: 180_000 };

/** Gini of what was spent in 90 days after a cut-off, by the value score and by past spend. */
function judge(purchases: Purchases, asOfDay: number) {
  const summary = summarize(purchases, asOfDay);
  const options = { asOfDay, fullHistory: true, horizonDays: 90, rehearse: true } as const;
  const result = fitStore(summary, purchases, { ...options, evenIfRefused: true });
  if (result.kind === "refused") throw new Error("fitted even if refused");
  const { spend } = outcomesOf(purchases, summary, [asOfDay, asOfDay + 90]);
  return {
    value: gini(
      scoreStore(traced(purchases, summary, result.fit), result.fit).expectedSpend,
      spend,
    )!,
    past: gini(baselineScores("past-spend", summary), spend)!,
    weight: result.fit.blend.pastWeight,
  };
}

const mean = (list: number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;

describe("the value score against past spend, out of time", SLOW, () => {
  it("in the gift shop, where past spend beats Gamma-Gamma", () => {
    const store = giftware();
    const days = ["2010-05-01", "2010-06-01", "2010-07-01", "2010-08-01", "2010-09-01"];
    const judged = days.map((day) => judge(store, dayOf(day)));
    for (const { value, past } of judged) expect(value).toBeGreaterThan(past - 0.005);
    expect(mean(judged.map((one) => one.value))).toBeGreaterThan(
      mean(judged.map((one) => one.past)),
    );
  });

  it("in CDNOW, where Gamma-Gamma wins", () => {
    const store = cdnow();
    const days = ["1997-07-01", "1997-10-01", "1998-01-01", "1998-04-01"];
    const judged = days.map((day) => judge(store, dayOf(day)));
    for (const { value, past } of judged) expect(value).toBeGreaterThan(past + 0.005);
  });

  it("past spend has little weight in a simulated store with independent spend", () => {
    const options = { seed: 3, customers: 6000, startDay: 0, endDay: 900 };
    const { value, past, weight } = judge(simulateStore(options).purchases, 700);
    expect(weight).toBeLessThanOrEqual(0.3);
    expect(value).toBeGreaterThan(past + 0.05);
  });
});

it("blended values sum to the model's total, and are 0 or geometric means of single customers", () => {
  const model = Float64Array.from([10, 20, 0, 5]);
  const past = Float64Array.from([100, 50, 80, -3]);
  const { scale } = blendOf(model, past, 0.5);
  const values = model.map((value, i) => scale * blended(value, past[i], 0.5));
  expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(35, 9);
  expect(values[2]).toBe(0);
  expect(values[3]).toBe(0);
  expect(blended(10, 100, 0)).toBe(10);
  expect(blended(10, 1000, 0.5)).toBeCloseTo(100, 9);
});

it("the weight is the default where nothing was spent", () => {
  const nothing = new Float64Array(3);
  const window = { modelSpend: Float64Array.from([1, 2, 3]), pastSpend: nothing, spent: nothing };
  expect(choosePastWeight([window])).toBe(0.8);
  expect(choosePastWeight([])).toBe(0.8);
});
