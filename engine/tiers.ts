/** The two axes: customer lifetime value, and the likelihood of buying again. */
export const axes = ["clv", "buy"] as const;
export type Axis = (typeof axes)[number];

/** The tiers of both axes; scores carry the index into this list. */
export const tiers = ["high", "moderate", "low", "new"] as const;
export type Tier = (typeof tiers)[number];

const HIGH = 0;
const MODERATE = 1;
const LOW = 2;
const NEW = 3;

/** The tier boundaries of one store. */
export type Thresholds = {
  /** High likelihood from this probability on: by default odds twice those of the base rate. */
  buyHigh: number;
  /** Low likelihood below this probability: by default half the odds of the base rate. */
  buyLow: number;
  /** High and moderate value from this expected spend on, in the unit of the amounts. */
  clvHigh: number;
  clvModerate: number;
};

/** Where the tiers of a store begin, relative to its own customers. */
export type TierOptions = {
  /** High likelihood from this multiple of the base rate's odds on; more than 1. */
  buyHighOdds: number;
  /** Low likelihood below this multiple of the base rate's odds; less than 1. */
  buyLowOdds: number;
  /** The share of the predicted value that customers of high value hold together. */
  clvHighShare: number;
  /** The share that those of high and of moderate value hold together. */
  clvUpperShare: number;
};

export const defaultTierOptions: TierOptions = {
  buyHighOdds: 2,
  buyLowOdds: 0.5,
  clvHighShare: 0.5,
  clvUpperShare: 0.9,
};

/** The probability whose odds are `factor` times those of `probability`. */
export function scaleOdds(probability: number, factor: number): number {
  const odds = probability * factor;
  return odds / (1 - probability + odds);
}

/**
 * Likelihood thresholds relative to the store: fixed probabilities would put between 0 and 48 % of
 * customers in high, depending on the store.
 */
export function buyThresholds(
  baseRate: number,
  { buyHighOdds, buyLowOdds } = defaultTierOptions,
): Pick<Thresholds, "buyHigh" | "buyLow"> {
  return { buyHigh: scaleOdds(baseRate, buyHighOdds), buyLow: scaleOdds(baseRate, buyLowOdds) };
}

/** Lower limit of the value thresholds: an expected spend of 0 is always low. */
const SMALLEST = Number.MIN_VALUE;

/**
 * Value thresholds: by default high for the top customers who together hold half of the predicted
 * value, moderate for those with the next 40 %, low for the rest. Customers with equal value share
 * a tier.
 */
export function valueThresholds(
  values: Float64Array,
  { clvHighShare, clvUpperShare } = defaultTierOptions,
): Pick<Thresholds, "clvHigh" | "clvModerate"> {
  const ascending = Float64Array.from(values).sort();
  let total = 0;
  for (const value of ascending) total += value;
  let held = 0;
  let clvHigh = SMALLEST;
  let clvModerate = SMALLEST;
  for (let i = ascending.length - 1; i >= 0; i--) {
    if (held < clvHighShare * total) clvHigh = ascending[i];
    if (held < clvUpperShare * total) clvModerate = ascending[i];
    held += ascending[i];
  }
  return { clvHigh: Math.max(SMALLEST, clvHigh), clvModerate: Math.max(SMALLEST, clvModerate) };
}

/**
 * Whether a customer is `new`: one purchase day, less than `newMaxAgeDays` ago. After that, the
 * lack of a second purchase is informative and the model decides.
 */
export function isNew(frequency: number, ageDays: number, newMaxAgeDays: number): boolean {
  return frequency === 0 && ageDays < newMaxAgeDays;
}

/** Index into `tiers` of a customer who is not new. */
export function buyTier(probability: number, { buyHigh, buyLow }: Thresholds): number {
  if (probability >= buyHigh) return HIGH;
  return probability < buyLow ? LOW : MODERATE;
}

/** Index into `tiers` of a customer who is not new. */
export function clvTier(expectedSpend: number, { clvHigh, clvModerate }: Thresholds): number {
  if (expectedSpend >= clvHigh) return HIGH;
  return expectedSpend >= clvModerate ? MODERATE : LOW;
}

export const NEW_TIER = NEW;

/** What the plain tiers of customers depend on, one value for each row. */
export type TierFigures = {
  customers: number;
  frequency: ArrayLike<number>;
  ageDays: ArrayLike<number>;
  buyProbability: ArrayLike<number>;
  expectedSpend: ArrayLike<number>;
};

/** What a store's thresholds depend on, besides its customers. */
export type TierNorms = {
  baseRate: number;
  newMaxAgeDays: number;
  /** Missing where the default ones apply. */
  tierOptions?: TierOptions;
};

/** The thresholds of a store. Those of value leave customers out who are new. */
export function storeThresholds(
  { customers, frequency, ageDays, expectedSpend }: Omit<TierFigures, "buyProbability">,
  { baseRate, newMaxAgeDays, tierOptions = defaultTierOptions }: TierNorms,
): Thresholds {
  let classified = 0;
  const values = new Float64Array(customers);
  for (let i = 0; i < customers; i++) {
    if (isNew(frequency[i], ageDays[i], newMaxAgeDays)) continue;
    values[classified++] = expectedSpend[i];
  }
  return {
    ...buyThresholds(baseRate, tierOptions),
    ...valueThresholds(values.subarray(0, classified), tierOptions),
  };
}

/** The plain tiers of each row, indices into `tiers`. */
export function plainTiers(
  { customers, frequency, ageDays, buyProbability, expectedSpend }: TierFigures,
  { thresholds, newMaxAgeDays }: { thresholds: Thresholds; newMaxAgeDays: number },
): { clvTier: Uint8Array; buyTier: Uint8Array } {
  const clv = new Uint8Array(customers);
  const buy = new Uint8Array(customers);
  for (let i = 0; i < customers; i++) {
    const fresh = isNew(frequency[i], ageDays[i], newMaxAgeDays);
    clv[i] = fresh ? NEW_TIER : clvTier(expectedSpend[i], thresholds);
    buy[i] = fresh ? NEW_TIER : buyTier(buyProbability[i], thresholds);
  }
  return { clvTier: clv, buyTier: buy };
}
