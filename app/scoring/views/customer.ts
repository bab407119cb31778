import type { ChangeReason } from "#app/scoring/evaluation/current-tiers.ts";
import type { ExclusionReason } from "#app/scoring/exclusion/exclusion-tag.ts";
import { type Axis, explain, type Explanation, type Fact, type StoreFit, type Tier } from "#engine";

/** A customer's row of `scores`, as the database gives it. */
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
  /** The same given that there is an order; null in a row kept by an earlier version. */
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
  /** Worked out afterwards, with what was known then. */
  reconstructed: boolean;
};

/** What is compared between a customer and the store; null where there is nothing to compare. */
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
  /** Read from Shopify when shown, never stored; null when the shop gave no access to names. */
  name: string | null;
  currency: string;
  horizonDays: number;
  tiers: Record<Axis, Tier>;
  buyProbability: number;
  /** What share of the store's customers bought in such a time: seen, or else predicted. */
  usual: { rate: number; seen: boolean };
  similar: Explanation["similar"];
  expectedSpendMinor: number;
  spendLowMinor: number;
  spendHighMinor: number;
  /** What is spent if anything is, where most likely nothing is; null where it is not, or not known. */
  ifAny: { lowMinor: number; highMinor: number } | null;
  spentMinor: number;
  nextOrder: { from: string; to: string } | null;
  /** What placed the customer: rhythm first, then spend. Days of silence are up to today. */
  reasons: Fact[];
  /** The store's median days between orders: what silence is usual here; null without any. */
  usualGapDays: number | null;
  own: ComparedFacts;
  typical: ComparedFacts;
  /** Newest first. */
  moves: TierMove[];
};

/** A customer who is not scored: as the merchant asked, or not yet. */
export type UnscoredCustomer = {
  customerId: string;
  name: string | null;
  timeZone: string;
  /** Empty for one who is about to be scored. */
  exclusions: ExclusionReason[];
  /** The tag that leaves customers out; null when the merchant chose none. */
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
};

/**
 * Puts together what the page of a customer shows. A run is as of tomorrow, so that ages are a day
 * longer in it than on a calendar.
 */
export function customerView(sources: CustomerSources): CustomerView {
  const { fit, score, ...rest } = sources;
  const { nextOrderFrom, nextOrderTo, ...figures } = score;
  const { similar, ...explained } = explain({ ...score, meanSpend: score.meanSpendMinor }, fit);
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
    nextOrder: nextOrderFrom && nextOrderTo ? { from: nextOrderFrom, to: nextOrderTo } : null,
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

/** Who orders in less than one of two cases is told what an order would bring, not "nothing". */
function ifAnyOf(
  score: Omit<CustomerScore, "nextOrderFrom" | "nextOrderTo">,
): CustomerView["ifAny"] {
  const { spendLowIfAnyMinor: lowMinor, spendHighIfAnyMinor: highMinor } = score;
  if (score.buyProbability >= 0.5 || lowMinor === null || highMinor === null) return null;
  return highMinor > 0 ? { lowMinor, highMinor } : null;
}

/** Beyond so much in probability nobody would call two customers alike. */
const ALIKE = 0.1;

/** The engine names the nearest group it knows, which for the least likely may not be near. */
function alike({ predicted }: { predicted: number }, { buyProbability }: CustomerScore): boolean {
  return Math.abs(predicted - buyProbability) <= ALIKE;
}

/** Facts of both axes, each once. */
function reasonsOf({ buy, clv }: Pick<Explanation, "buy" | "clv">): Fact[] {
  const told = new Set(buy.map(({ code }) => code));
  const facts = [...buy, ...clv.filter(({ code }) => !told.has(code))];
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
