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
  /** High likelihood from this probability on: odds twice those of the base rate. */
  buyHigh: number;
  /** Low likelihood below this probability: half the odds of the base rate. */
  buyLow: number;
  /** High and moderate value from this expected spend on, in the unit of the amounts. */
  clvHigh: number;
  clvModerate: number;
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
export function buyThresholds(baseRate: number): Pick<Thresholds, "buyHigh" | "buyLow"> {
  return { buyHigh: scaleOdds(baseRate, 2), buyLow: scaleOdds(baseRate, 0.5) };
}

/** Lower limit of the value thresholds: an expected spend of 0 is always low. */
const SMALLEST = Number.MIN_VALUE;

/**
 * Value thresholds: high for the top customers who together hold half of the predicted value,
 * moderate for those with the next 40 %, low for the rest. Customers with equal value share a tier.
 */
export function valueThresholds(values: Float64Array): Pick<Thresholds, "clvHigh" | "clvModerate"> {
  const ascending = Float64Array.from(values).sort();
  let total = 0;
  for (const value of ascending) total += value;
  let held = 0;
  let clvHigh = SMALLEST;
  let clvModerate = SMALLEST;
  for (let i = ascending.length - 1; i >= 0; i--) {
    if (held < 0.5 * total) clvHigh = ascending[i];
    if (held < 0.9 * total) clvModerate = ascending[i];
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
