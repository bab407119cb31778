import { plainTiers, type StoreFit, storeThresholds, type TierOptions } from "#engine";

/** Stored figures of customers, one value for each row: what plain tiers follow from. */
export type StoredFigures = {
  customers: number;
  frequency: ArrayLike<number>;
  ageDays: ArrayLike<number>;
  buyProbability: ArrayLike<number>;
  expectedSpend: ArrayLike<number>;
};

/**
 * The fit with tiers that begin elsewhere: as fitting again to the same data would give it.
 *
 * @param scored the figures of all customers of the fit's run
 * @param tierOptions undefined for the engine's defaults
 */
export function withTierOptions(
  fit: StoreFit,
  scored: StoredFigures,
  tierOptions: TierOptions | undefined,
): StoreFit {
  const chosen: StoreFit = { ...fit };
  if (tierOptions === undefined) delete chosen.tierOptions;
  else chosen.tierOptions = tierOptions;
  return { ...chosen, thresholds: storeThresholds(scored, chosen) };
}

/** The plain tiers by a fit, indices into `tiers`. */
export function newTiers(figures: StoredFigures, fit: StoreFit) {
  const { clvTier, buyTier } = plainTiers(figures, fit);
  return { clv: clvTier, buy: buyTier };
}
