import type { RuleView } from "#app/scoring/views/home.ts";

/** The ISO day by which the last of these conditions is expected; null when one has no date. */
export function allExpectedOn(rules: Pick<RuleView, "expectedOn">[]): string | null {
  const days = rules.map(({ expectedOn }) => expectedOn);
  return days.includes(null) ? null : (days.sort().at(-1) ?? null);
}

/** How far a condition is met, 0 to 1. For the age of the last order less is better. */
export function ruleShare(rule: Pick<RuleView, "code" | "passed" | "have" | "need">): number {
  if (rule.passed) return 1;
  const [part, whole] =
    rule.code === "recent-order" ? [rule.need, rule.have] : [rule.have, rule.need];
  return whole > 0 ? Math.max(0, Math.min(1, part / whole)) : 0;
}
