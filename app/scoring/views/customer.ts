import type { ChangeReason } from "#app/scoring/evaluation/current-tiers.ts";
import type { ExclusionReason } from "#app/scoring/exclusion/exclusion-tag.ts";
import {
  type Axis,
  explain,
  type Explanation,
  type Fact,
  type Purchases,
  type StoreFit,
  type Tier,
} from "#engine";

import { type KeptLikelihood, type Span, type Timeline, timelineOf } from "./customer-timeline.ts";

/** A customer's row of `scores`. */
export type CustomerScore = {
  frequency: number;
  recencyDays: number;
  ageDays: number;
  meanSpendMinor: number;
  spentMinor: number;
  buyProbability: number;
  expectedSpendMinor: number;
  spendLowMinor: number;
  spendHighMinor: number;
  /** The same, given at least one order; null in rows of earlier versions. */
  spendLowIfAnyMinor: number | null;
  spendHighIfAnyMinor: number | null;
  /** ISO dates; null when no next order is expected. */
  nextOrderFrom: string | null;
  nextOrderTo: string | null;
  tiers: Record<Axis, Tier>;
};

export type TierMove = {
  axis: Axis;
  from: Tier;
  to: Tier;
  why: ChangeReason;
  /** The day of the scoring, ISO date. */
  on: string;
  /** From a reconstructed week. */
  reconstructed: boolean;
};

/**
 * Facts that are compared between a customer and the store; null where there is nothing to compare.
 */
export type ComparedFacts = {
  ageDays: number;
  /** Days between first and last order. */
  lifespanDays: number | null;
  silentDays: number;
  orders: number;
  meanSpendMinor: number;
};

/** Everything the page of one customer shows. */
export type CustomerView = {
  customerId: string;
  /** Read from Shopify for display, never stored; null without access to names. */
  name: string | null;
  currency: string;
  horizonDays: number;
  tiers: Record<Axis, Tier>;
  buyProbability: number;
  /**
   * The share of the store's customers who buy within the horizon: observed if `seen`, else
   * predicted.
   */
  usual: { rate: number; seen: boolean };
  similar: Explanation["similar"];
  expectedSpendMinor: number;
  spendLowMinor: number;
  spendHighMinor: number;
  /**
   * The spend given at least one order, for customers who will probably not buy; null for others,
   * or when unknown.
   */
  ifAny: { lowMinor: number; highMinor: number } | null;
  spentMinor: number;
  /** When the next order is expected, conditional on none until now; null when none is. */
  nextOrder: Span | null;
  /** Null when no order counts any more, until that is scored. */
  timeline: Timeline | null;
  /**
   * What explains the tiers: rhythm first, then spend. Days since the last order count up to today.
   */
  reasons: Fact[];
  /** The store's median number of days between orders; null without repeat orders. */
  usualGapDays: number | null;
  own: ComparedFacts;
  typical: ComparedFacts;
  /** Newest first. */
  moves: TierMove[];
};

/** A customer without a score: excluded, or not scored yet. */
export type UnscoredCustomer = {
  customerId: string;
  name: string | null;
  timeZone: string;
  /** Empty for a customer who is not scored yet. */
  exclusions: ExclusionReason[];
  /** The exclusion tag; null when the merchant chose none. */
  exclusionTag: string | null;
};

export type CustomerSources = {
  customerId: string;
  name: string | null;
  currency: string;
  horizonDays: number;
  fit: StoreFit;
  score: CustomerScore;
  moves: TierMove[];
  purchases: Purchases;
  likelihood: KeptLikelihood[];
  /** ISO date in the shop's time zone. */
  today: string;
};

/**
 * Builds the view of a customer's page. Ages and days since the last order are reduced by one,
 * since a run is as of tomorrow.
 */
export function customerView(sources: CustomerSources): CustomerView {
  const { fit, score, purchases, likelihood, today, ...rest } = sources;
  const { nextOrderFrom, nextOrderTo, ...figures } = score;
  const expected = nextOrderFrom && nextOrderTo ? { from: nextOrderFrom, to: nextOrderTo } : null;
  const { similar, ...explained } = explain({ ...score, meanSpend: score.meanSpendMinor }, fit);
  const fresh = figures.tiers.buy === "new";
  const inRhythm = explained.buy.some(({ code }) => code === "order-recent");
  const about = { purchases, likelihood, expected, fit, fresh, inRhythm, today };
  const timeline = timelineOf(about);
  return {
    ...rest,
    tiers: figures.tiers,
    buyProbability: figures.buyProbability,
    usual: { rate: fit.observedRate ?? fit.baseRate, seen: fit.observedRate !== null },
    similar: similar && alike(similar, score) ? similar : null,
    expectedSpendMinor: figures.expectedSpendMinor,
    spendLowMinor: figures.spendLowMinor,
    spendHighMinor: figures.spendHighMinor,
    ifAny: ifAnyOf(figures),
    spentMinor: figures.spentMinor,
    nextOrder: timeline ? timeline.expected : expected,
    timeline,
    reasons: reasonsOf(explained),
    usualGapDays: fit.typical.intervalDays,
    own: {
      ageDays: score.ageDays - 1,
      lifespanDays: score.frequency === 0 ? null : score.recencyDays,
      silentDays: score.ageDays - score.recencyDays - 1,
      orders: score.frequency + 1,
      meanSpendMinor: score.meanSpendMinor,
    },
    typical: {
      ageDays: fit.typical.ageDays - 1,
      lifespanDays: fit.typical.lifespanDays,
      silentDays: fit.typical.recencyDays - 1,
      orders: fit.typical.orders,
      meanSpendMinor: fit.typical.meanSpend,
    },
  };
}

/**
 * For a probability below one half the range would start at nothing; the spend given an order says
 * more.
 */
function ifAnyOf(
  score: Omit<CustomerScore, "nextOrderFrom" | "nextOrderTo">,
): CustomerView["ifAny"] {
  const { spendLowIfAnyMinor: lowMinor, spendHighIfAnyMinor: highMinor } = score;
  if (score.buyProbability >= 0.5 || lowMinor === null || highMinor === null) return null;
  return highMinor > 0 ? { lowMinor, highMinor } : null;
}

/** Largest difference in probability between customers that are compared. */
const MAX_DIFFERENCE = 0.1;

/** The engine gives the nearest group, which may not be near for very low probabilities. */
function alike({ predicted }: { predicted: number }, { buyProbability }: CustomerScore): boolean {
  return Math.abs(predicted - buyProbability) <= MAX_DIFFERENCE;
}

/** The facts of both axes, each once; days since the last order count up to today. */
function reasonsOf({ buy, clv }: Pick<Explanation, "buy" | "clv">): Fact[] {
  const seen = new Set(buy.map(({ code }) => code));
  const facts = [...buy, ...clv.filter(({ code }) => !seen.has(code))];
  return facts.map((fact) =>
    silences.has(fact.code) ? { ...fact, customer: fact.customer - 1 } : fact,
  );
}

/** Facts whose figure is the days since the last order. */
const silences = new Set<Fact["code"]>([
  "one-order",
  "order-recent",
  "order-late",
  "order-very-late",
]);
