import { type StoreFit, storeNorms } from "./fit.ts";
import { fitModels } from "./fit-models.ts";
import type { Summary } from "./histories/summary.ts";

/**
 * Repeats a run's fit from its summary alone. What depends on the purchases is taken from the
 * stored fit: what was learned, the season, the observed rate and the store's gaps. Everything else
 * is computed again, bit for bit.
 *
 * @param summary with traces, if the run learned from past windows
 */
export function refitStore(summary: Summary, kept: StoreFit): StoreFit {
  const { engineVersion, observedRate, rehearsal, newMaxAgeDays, typical, learned, tierOptions } =
    kept;
  const fitted = fitModels(summary, kept, learned);
  const rhythm = { medianGapDays: typical.intervalDays, secondPurchaseDays: newMaxAgeDays };
  const norms = storeNorms(summary, { ...rhythm, tierOptions }, fitted);
  return { engineVersion, ...fitted.models, learned, observedRate, ...norms, rehearsal };
}
