import type { FitResult, RuleCheck } from "#engine";

import { writeDay } from "./input/days.ts";
import type { Prepared } from "./input/prepare.ts";

/** The gate's rules, with dates instead of day numbers. */
export function describeRules(rules: readonly RuleCheck[]) {
  return rules.map(({ expectedDay, ...rule }) => ({
    ...rule,
    expected: expectedDay === null ? null : writeDay(expectedDay),
  }));
}

/** For standard error: why nothing was scored, as one JSON object. */
export function describeRefusal(
  { asOfDay, rows }: Prepared,
  { rules, horizonDays }: Extract<FitResult, { kind: "refused" }>,
): string {
  return line({
    refused: true,
    reasons: describeRules(rules.filter((rule) => !rule.passed)),
    asOf: writeDay(asOfDay),
    horizonDays,
    rows,
  });
}

/** For standard error: what was scored although the gate refused, as one JSON object. */
export function describeForced(
  { asOfDay, rows }: Prepared,
  { rules, fit }: Extract<FitResult, { kind: "fitted" }>,
): string {
  return line({
    refused: true,
    forced: true,
    reasons: describeRules(rules.filter((rule) => !rule.passed)),
    asOf: writeDay(asOfDay),
    horizonDays: fit.horizonDays,
    rows,
  });
}

/**
 * For standard error: which rows were left out or treated as refunds; empty when there were none.
 */
export function describeRows(rows: Prepared["rows"]): string {
  const notes: [count: number, what: string][] = [
    [rows.withoutCustomer, "left out: no customer"],
    [rows.zero, "left out: an amount of nothing"],
    [rows.continued, "left out: no amount, a further line of the order before"],
    [rows.impossibleDay, "left out: a day before 1995-01-01 or after tomorrow"],
    [rows.excluded, "left out: of a value that --exclude names"],
    [rows.repeated, "left out: equal to another in every cell"],
    [rows.later, "left out: later than the days that are looked at"],
    [rows.refunds, "taken as refunds of earlier orders: an amount below zero"],
    [rows.unmatchedRefunds, "taken as refunds only in part: more than was left to refund"],
  ];
  return notes
    .filter(([count]) => count > 0)
    .map(([count, what]) => `encore: ${count} ${count === 1 ? "row" : "rows"} ${what}\n`)
    .join("");
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
