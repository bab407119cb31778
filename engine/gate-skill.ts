import type { RuleCheck } from "./gate.ts";
import type { Rehearsal } from "./rehearsal.ts";
import { PACE_DAYS, type Rhythm } from "./rhythm.ts";

/** Log loss must be at least this share better than that of the base rate. */
const MIN_SKILL = 0.02;
/** Below this the order of customers is hardly better than chance. */
const MIN_AUC = 0.6;
const MIN_BUYERS = 20;

type When = { asOfDay: number; horizonDays: number };

/**
 * Rules that look at how well the store's own last window was predicted. They are the real judges:
 * a store may have much data and no rhythm that a model can read.
 */
export function checkSkill(rehearsal: Rehearsal | null, rhythm: Rhythm, when: When): RuleCheck[] {
  const test = rehearsal?.test;
  const buyers = test?.buyers ?? 0;
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
      passed: buyers >= MIN_BUYERS,
      have: buyers,
      need: MIN_BUYERS,
      unit: "customers",
      expectedDay: rehearsal ? enoughBuyersDay(buyers, rhythm, when) : testableDay(rhythm, when),
    },
  ];
}

/** The day the store is twice its horizon old: one window to learn from, one to be tested on. */
function testableDay(rhythm: Rhythm, { horizonDays }: When): number | null {
  return rhythm.firstDay === null ? null : rhythm.firstDay + 2 * horizonDays;
}

/** Buyers grow with customers: when there will be enough at the pace new ones come. */
function enoughBuyersDay(buyers: number, rhythm: Rhythm, { asOfDay }: When): number | null {
  const perDay = rhythm.recentCustomers / PACE_DAYS;
  if (buyers >= MIN_BUYERS || buyers === 0 || perDay === 0) return null;
  const missing = rhythm.customers * (MIN_BUYERS / buyers - 1);
  return asOfDay + Math.ceil(missing / perDay);
}
