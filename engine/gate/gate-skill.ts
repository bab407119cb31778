import { horizons } from "../histories/horizon.ts";
import { PACE_DAYS, type Rhythm } from "../histories/rhythm.ts";
import type { RuleCheck } from "./gate.ts";
import type { Rehearsal } from "./rehearsal.ts";

/** Log loss must be at least this share better than that of the base rate. */
const MIN_SKILL = 0.02;
/** Below this the order of customers is hardly better than chance. */
const MIN_AUC = 0.6;
/** Buyers there must be in the window, and in one that is fast for the store's rhythm. */
const MIN_BUYERS = 20;
const MIN_BUYERS_FAST = 10;
/** Median gaps in a fast window: whoever is silent in it is silent for long. */
const FAST_GAPS = 4;
const MIN_TEST_DAYS = 14;

type When = { asOfDay: number; horizonDays: number };

/**
 * Days of the window that a store is tested on: its horizon. A store not yet old enough for two of
 * the shortest horizons is tested on half of its history, where that is a fast window for it.
 */
export function testDays(rhythm: Rhythm, { asOfDay, horizonDays }: When): number {
  const half = Math.floor((asOfDay - (rhythm.firstDay ?? asOfDay)) / 2);
  return half < horizonDays && half >= leastTestDays(rhythm, horizonDays) ? half : horizonDays;
}

/** The shortest window that says enough: only the shortest horizon can do with less than itself. */
function leastTestDays({ medianGapDays: gap }: Rhythm, horizonDays: number): number {
  if (gap === null || horizonDays !== horizons[0]) return horizonDays;
  return Math.min(horizonDays, Math.max(MIN_TEST_DAYS, FAST_GAPS * gap));
}

function buyersNeeded({ medianGapDays: gap }: Rhythm, days: number): number {
  return gap !== null && days >= FAST_GAPS * gap ? MIN_BUYERS_FAST : MIN_BUYERS;
}

/**
 * Rules that look at how well the store's own last window was predicted. They are the real judges:
 * a store may have much data and no rhythm that a model can read.
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

/** The day there will be two windows: one to learn from, one to be tested on. */
function testableDay(rhythm: Rhythm, { horizonDays }: When): number | null {
  if (rhythm.firstDay === null) return null;
  return rhythm.firstDay + 2 * leastTestDays(rhythm, horizonDays);
}

/** Buyers grow with customers: when there will be enough at the pace new ones come. */
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
