import type { RuleView } from "#app/scoring/home.ts";

/** How far a condition is met, 0 to 1. For the age of the last order less is better. */
export function ruleShare(rule: Pick<RuleView, "code" | "passed" | "have" | "need">): number {
  if (rule.passed) return 1;
  const [part, whole] =
    rule.code === "recent-order" ? [rule.need, rule.have] : [rule.have, rule.need];
  return whole > 0 ? Math.max(0, Math.min(1, part / whole)) : 0;
}
