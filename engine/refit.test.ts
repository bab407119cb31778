import { describe, expect, it } from "vitest";

import { giftware } from "../tests/stores/read.ts";
import { dayOf } from "../tests/stores/rows.ts";
import { fitStore, type FitStoreOptions } from "./fit.ts";
import { type Purchases, summarize } from "./histories/summary.ts";
import { traced } from "./histories/traces.ts";
import { refitStore } from "./refit.ts";
import { simulateStore } from "./simulate.ts";

/** A fit, and the same repeated from the summary and the stored JSON. */
function twice(purchases: Purchases, options: Omit<FitStoreOptions, "fullHistory">) {
  const summary = summarize(purchases, options.asOfDay);
  const result = fitStore(summary, purchases, { ...options, fullHistory: true });
  if (result.kind === "refused") throw new Error("the store has enough data");
  const kept = JSON.parse(JSON.stringify(result.fit)) as typeof result.fit;
  return { fit: result.fit, again: refitStore(traced(purchases, summary, kept), kept) };
}

describe("a fit repeated from its summary alone is bit-identical", () => {
  it("in the gift shop, with everything learned on past windows", { timeout: 30_000 }, () => {
    for (const cutoff of ["2010-09-01", "2010-12-10"]) {
      const { fit, again } = twice(giftware(), { asOfDay: dayOf(cutoff), rehearse: true });
      expect(again).toEqual(fit);
    }
  });

  it("with tiers that begin where the merchant chose", { timeout: 30_000 }, () => {
    const { purchases } = simulateStore({ seed: 5, customers: 1000, startDay: 0, endDay: 700 });
    const tierOptions = { buyHighOdds: 3, buyLowOdds: 0.2, clvHighShare: 0.3, clvUpperShare: 0.7 };
    const usual = twice(purchases, { asOfDay: 700 });
    const { fit, again } = twice(purchases, { asOfDay: 700, tierOptions });
    expect(again).toEqual(fit);
    expect(fit.tierOptions).toEqual(tierOptions);
    expect(fit.thresholds.buyHigh).toBeGreaterThan(usual.fit.thresholds.buyHigh);
    expect(fit.thresholds.clvModerate).toBeGreaterThan(usual.fit.thresholds.clvModerate);
    expect(usual.fit).not.toHaveProperty("tierOptions");
  });

  it("in a store with a season, and without any rehearsal", { timeout: 30_000 }, () => {
    const { purchases } = simulateStore({ seed: 5, customers: 3000, startDay: 0, endDay: 900 });
    const pace = [1, 1, 1, 1, 1, 0.6, 0.6, 0.6, 1, 1.2, 1.5, 1.5];
    const plain = twice(purchases, { asOfDay: 700 });
    expect(plain.again).toEqual(plain.fit);
    const seasonal = { ...plain.fit, season: { pace } };
    const summary = summarize(purchases, 700);
    const once = refitStore(summary, seasonal);
    expect(refitStore(summary, once)).toEqual(once);
    expect(once.likelihood).not.toEqual(plain.fit.likelihood);
  });
});
