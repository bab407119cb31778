import { candidateOf } from "./candidates.ts";
import { fitModels, place, type StoreFit } from "./fit.ts";
import type { Summary } from "./summary.ts";

/**
 * Fits again what a run fitted, from its summary alone. What only the purchases could tell is taken
 * from the fit that was kept: the choices of the rehearsal, the season, the observed share and the
 * store's gaps. Everything else is computed, and comes out with the same bits.
 */
export function refitStore(summary: Summary, kept: StoreFit): StoreFit {
  const { engineVersion, observedRate, rehearsal, newMaxAgeDays, typical } = kept;
  const likelihoods = [kept.likelihood, ...kept.others];
  const learned = {
    chosen: likelihoods.map(candidateOf),
    weights: kept.weights ?? likelihoods.map(() => 1 / likelihoods.length),
    pastWeight: kept.blend.pastWeight,
    refinement: kept.refinement ?? null,
  };
  const fitted = fitModels(summary, kept, learned);
  const rhythm = { medianGapDays: typical.intervalDays, secondPurchaseDays: newMaxAgeDays };
  const places = place(summary, rhythm, fitted);
  return { engineVersion, ...fitted.models, observedRate, ...places, rehearsal };
}
