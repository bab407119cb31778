import type { RuleView } from "#app/scoring/views/home.ts";

/** The ISO day by which all of these rules are expected to be met; null when one has no date. */
export function allExpectedOn(rules: Pick<RuleView, "expectedOn">[]): string | null {
  const days = rules.map(({ expectedOn }) => expectedOn);
  return days.includes(null) ? null : (days.sort().at(-1) ?? null);
}

/** Rules with an upper limit. */
const atMost = new Set<RuleView["code"]>(["recent-order", "level"]);

/** The share of a rule that is met, 0 to 1. */
export function ruleShare(rule: Pick<RuleView, "code" | "passed" | "have" | "need">): number {
  if (rule.passed) return 1;
  const [part, whole] = atMost.has(rule.code) ? [rule.need, rule.have] : [rule.have, rule.need];
  return whole > 0 ? Math.max(0, Math.min(1, part / whole)) : 0;
}
