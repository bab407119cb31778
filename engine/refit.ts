import { place, type StoreFit } from "./fit.ts";
import { fitModels } from "./fit-models.ts";
import type { Summary } from "./histories/summary.ts";

/**
 * Fits again what a run fitted, from its summary alone. What only the purchases could tell is taken
 * from the fit that was kept: what was learned, the season, the observed share and the store's gaps.
 * Everything else is computed, and comes out with the same bits.
 *
 * @param summary with traces, where the run learned from past windows
 */
export function refitStore(summary: Summary, kept: StoreFit): StoreFit {
  const { engineVersion, observedRate, rehearsal, newMaxAgeDays, typical, learned } = kept;
  const fitted = fitModels(summary, kept, learned);
  const rhythm = { medianGapDays: typical.intervalDays, secondPurchaseDays: newMaxAgeDays };
  const places = place(summary, rhythm, fitted);
  return { engineVersion, ...fitted.models, learned, observedRate, ...places, rehearsal };
}
