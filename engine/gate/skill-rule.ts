import { horizons } from "../histories/horizon.ts";
import { PACE_DAYS, type Rhythm } from "../histories/rhythm.ts";
import type { RuleCheck } from "./gate.ts";
import type { Rehearsal } from "./rehearsal.ts";

/** Log loss must be at least this share better than that of the base rate. */
const MIN_SKILL = 0.02;
/** Below this AUC the ranking of customers is hardly better than chance. */
const MIN_AUC = 0.6;
/** Buyers needed in the test window; fewer are enough if it spans several of the store's gaps. */
const MIN_BUYERS = 20;
const MIN_BUYERS_LONG = 10;
/** Median gaps that such a window spans: who buys nothing in it has been silent for long. */
const LONG_GAPS = 4;
const MIN_TEST_DAYS = 14;

type When = { asOfDay: number; horizonDays: number };

/**
 * Length in days of the window a store is tested on: its horizon. A store too young for two windows
 * of the shortest horizon is tested on half of its history, if that is long enough for its gaps.
 */
export function testDays(rhythm: Rhythm, { asOfDay, horizonDays }: When): number {
  const half = Math.floor((asOfDay - (rhythm.firstDay ?? asOfDay)) / 2);
  return half < horizonDays && half >= leastTestDays(rhythm, horizonDays) ? half : horizonDays;
}

/**
 * Length of the shortest informative window: less than the horizon only for the shortest horizon.
 */
function leastTestDays({ medianGapDays: gap }: Rhythm, horizonDays: number): number {
  if (gap === null || horizonDays !== horizons[0]) return horizonDays;
  return Math.min(horizonDays, Math.max(MIN_TEST_DAYS, LONG_GAPS * gap));
}

function buyersNeeded({ medianGapDays: gap }: Rhythm, days: number): number {
  return gap !== null && days >= LONG_GAPS * gap ? MIN_BUYERS_LONG : MIN_BUYERS;
}

/**
 * Rules on how well the store's newest past window was predicted. They matter most: a store may
 * have much data and no pattern that a model can predict.
 */
export function checkSkill(rehearsal: Rehearsal | null, rhythm: Rhythm, when: When): RuleCheck[] {
  const test = rehearsal?.test;
  const buyers = test?.buyers ?? 0;
  const need = buyersNeeded(rhythm, rehearsal?.horizonDays ?? testDays(rhythm, when));
  const gain = test && test.baseLogLoss > 0 ? 1 - test.logLoss / test.baseLogLoss : 0;
  const ranks = (test?.auc ?? 0) >= MIN_AUC;
  return [
    {
      code: "skill",
      passed: ranks && gain >= MIN_SKILL,
      have: ranks ? gain : Math.min(0, gain),
      need: MIN_SKILL,
      unit: "share",
      expectedDay: rehearsal ? null : testableDay(rhythm, when),
    },
    {
      code: "buyers",
      passed: buyers >= need,
      have: buyers,
      need,
      unit: "customers",
      expectedDay: rehearsal
        ? enoughBuyersDay({ have: buyers, need }, rhythm, when)
        : testableDay(rhythm, when),
    },
  ];
}

/** The day on which there will be two windows: one to learn from, one to be tested on. */
function testableDay(rhythm: Rhythm, { horizonDays }: When): number | null {
  if (rhythm.firstDay === null) return null;
  return rhythm.firstDay + 2 * leastTestDays(rhythm, horizonDays);
}

/**
 * The day on which there will be enough buyers, if they grow in proportion to customers and new
 * customers keep coming at the recent rate.
 */
function enoughBuyersDay(
  { have, need }: { have: number; need: number },
  rhythm: Rhythm,
  { asOfDay }: When,
): number | null {
  const perDay = rhythm.recentCustomers / PACE_DAYS;
  if (have >= need || have === 0 || perDay === 0) return null;
  const missing = rhythm.customers * (need / have - 1);
  return asOfDay + Math.ceil(missing / perDay);
}
