import type { TierRow } from "#app/scoring/store/totals.ts";
import type { Axis, Thresholds, TierOptions } from "#engine";

/** What the merchant chooses: multiples of the usual odds, and whole percentages of the value. */
export type TierChoice = {
  buyHigh: number;
  buyLow: number;
  clvHigh: number;
  clvModerate: number;
};

export const defaultTierChoice: TierChoice = {
  buyHigh: 2,
  buyLow: 0.5,
  clvHigh: 50,
  clvModerate: 40,
};

/** The limits and the step of each part of the choice. */
export const tierLimits: Record<keyof TierChoice, { min: number; max: number; step: number }> = {
  buyHigh: { min: 1.25, max: 10, step: 0.25 },
  buyLow: { min: 0.05, max: 0.95, step: 0.05 },
  clvHigh: { min: 5, max: 90, step: 5 },
  clvModerate: { min: 5, max: 90, step: 5 },
};

/** High and moderate value together hold at most this percentage, so that some is left for low. */
export const MOST_UPPER = 95;

/** The choice as typed or sent; null where it is outside the limits. */
export function parseTierChoice(get: (field: keyof TierChoice) => string): TierChoice | null {
  const fields = Object.keys(tierLimits) as (keyof TierChoice)[];
  const choice = { ...defaultTierChoice };
  for (const field of fields) {
    const text = get(field);
    const value = Number(text);
    const { min, max } = tierLimits[field];
    if (text.trim() === "" || !(value >= min && value <= max)) return null;
    choice[field] = value;
  }
  const { clvHigh, clvModerate } = choice;
  const whole = Number.isInteger(clvHigh) && Number.isInteger(clvModerate);
  return whole && clvHigh + clvModerate <= MOST_UPPER ? choice : null;
}

export function optionsOf({ buyHigh, buyLow, clvHigh, clvModerate }: TierChoice): TierOptions {
  return {
    buyHighOdds: buyHigh,
    buyLowOdds: buyLow,
    clvHighShare: clvHigh / 100,
    clvUpperShare: (clvHigh + clvModerate) / 100,
  };
}

/** @param options undefined for the engine's defaults */
export function choiceOf(options: TierOptions | undefined): TierChoice {
  if (options === undefined) return defaultTierChoice;
  const { buyHighOdds, buyLowOdds, clvHighShare, clvUpperShare } = options;
  const clvHigh = Math.round(100 * clvHighShare);
  const clvModerate = Math.round(100 * clvUpperShare) - clvHigh;
  return { buyHigh: buyHighOdds, buyLow: buyLowOdds, clvHigh, clvModerate };
}

/** What other tiers would change, by the stored scores. */
export type WhatIf = {
  before: Record<Axis, TierRow[]>;
  after: Record<Axis, TierRow[]>;
  /** Where the tiers would begin; amounts are minor units. */
  thresholds: Thresholds;
  /** Customers who would be in another tier on either axis. */
  moved: number;
  /** Tiers that would change, of both axes: each is a tag added and one removed. */
  tiersChanged: number;
};

/** The merchant's tiers on the settings screen. */
export type TierSettings = {
  saved: TierChoice;
  /** Whether the tiers saved are not those of all customers yet. */
  pending: boolean;
  /** Null before the first scoring, and when the gate refused. */
  scored: { horizonDays: number; baseRate: number; customers: number } | null;
};
