import { PACE_DAYS, type Rhythm } from "../histories/rhythm.ts";

export const ruleCodes = [
  "customers",
  "repeat-customers",
  "history",
  "full-history",
  "recent-order",
  "skill",
  "buyers",
  "level",
] as const;
export type RuleCode = (typeof ruleCodes)[number];

/** One rule of the gate, met or not, with the store's own figures. */
export type RuleCheck = {
  code: RuleCode;
  passed: boolean;
  /**
   * What the store has. For `recent-order`: days since the last order, 0 without any. For `skill`:
   * the share by which log loss was lower than that of the base rate, at most 0 if the AUC was too
   * low. For `level`: the smallest relative error of the past windows if all have the same
   * direction, else 0.
   */
  have: number;
  /** What is needed; for `recent-order` and `level` the maximum allowed. */
  need: number;
  unit: "customers" | "days" | "access" | "share";
  /** Day by which the rule is expected to be met if the store goes on as now; null if unknown. */
  expectedDay: number | null;
};

/** Minimum amounts of data. */
type Floors = { customers: number; repeatCustomers: number; historyDays: number };

/** Without a test on a past window, only the amount of data can justify the predictions. */
const UNTESTED: Floors = { customers: 100, repeatCustomers: 40, historyDays: 90 };
/**
 * With such a test less data is enough: the test is as reliable with little data as with much
 * (docs/decisions/gate-thresholds.md).
 */
const TESTED: Floors = { customers: 60, repeatCustomers: 20, historyDays: 28 };
const MIN_QUIET_DAYS = 30;

/**
 * Rules on the amount of data: customers, customers who bought on two days, length of the history,
 * access to all of it, and a recent order. `expectedDay` is null for rules that waiting does not
 * satisfy.
 */
export function checkData(
  rhythm: Rhythm,
  asOfDay: number,
  { fullHistory, tested }: { fullHistory: boolean; tested: boolean },
): RuleCheck[] {
  const gap = rhythm.medianGapDays ?? 0;
  const floors = tested ? TESTED : UNTESTED;
  const enough = { asOfDay, unit: "customers" as const };
  return [
    reach("customers", rhythm.customers, {
      ...enough,
      need: floors.customers,
      perDay: rhythm.recentCustomers / PACE_DAYS,
    }),
    reach("repeat-customers", rhythm.repeatCustomers, {
      ...enough,
      need: floors.repeatCustomers,
      perDay: rhythm.recentRepeatCustomers / PACE_DAYS,
    }),
    reach("history", rhythm.firstDay === null ? 0 : asOfDay - rhythm.firstDay, {
      asOfDay,
      unit: "days",
      need: Math.max(floors.historyDays, 3 * gap),
      perDay: rhythm.firstDay === null ? 0 : 1,
    }),
    {
      code: "full-history",
      passed: fullHistory,
      have: fullHistory ? 1 : 0,
      need: 1,
      unit: "access",
      expectedDay: null,
    },
    checkRecentOrder(rhythm, asOfDay, Math.max(MIN_QUIET_DAYS, 2 * gap)),
  ];
}

function reach(
  code: RuleCode,
  have: number,
  goal: { need: number; perDay: number; asOfDay: number; unit: "customers" | "days" },
): RuleCheck {
  const passed = have >= goal.need;
  const reachable = !passed && goal.perDay > 0;
  const wait = Math.ceil((goal.need - have) / goal.perDay);
  return {
    code,
    passed,
    have,
    need: goal.need,
    unit: goal.unit,
    expectedDay: reachable ? goal.asOfDay + wait : null,
  };
}

function checkRecentOrder(rhythm: Rhythm, asOfDay: number, need: number): RuleCheck {
  const have = rhythm.lastDay === null ? 0 : asOfDay - rhythm.lastDay;
  const passed = rhythm.lastDay !== null && have <= need;
  return { code: "recent-order", passed, have, need, unit: "days", expectedDay: null };
}
