import { Badge, BlockStack, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { RuleView } from "#app/scoring/views/home.ts";

import { ruleShare } from "./rules.ts";

/** One rule of the gate: what is needed, what the store has, and when it is expected to be met. */
export function RuleRow({ rule, format }: { rule: RuleView; format: Formatting }) {
  const { t } = useTranslation();
  const { need, have } = useAmounts(rule, format);
  return (
    <li className="encore-row">
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="start" gap="200" wrap={false}>
          <Text as="h2" variant="headingSm">
            {t(`gate.rules.${rule.code}`)}
          </Text>
          <span className="encore-badge">
            <Badge {...(rule.passed ? { tone: "success" } : {})}>
              {rule.passed ? t("refusal.met") : t("refusal.notMet")}
            </Badge>
          </span>
        </InlineStack>
        <Explained code={rule.code} />
        <div className="encore-bar" aria-hidden="true">
          <div
            className={`encore-bar__fill encore-bar__fill--${rule.passed ? "met" : "unmet"}`}
            style={{ inlineSize: `${(ruleShare(rule) * 100).toFixed(1)}%` }}
          />
        </div>
        <p className="encore-row__figures">
          <span>{t("refusal.have", { amount: have })}</span>
          <span className="encore-row__aside">{t("refusal.need", { amount: need })}</span>
        </p>
        {!rule.passed && (
          <Text as="p" tone="subdued">
            {rule.expectedOn
              ? t("refusal.expected", { day: format.day(rule.expectedOn) })
              : t("refusal.undated")}
          </Text>
        )}
      </BlockStack>
    </li>
  );
}

function useAmounts(rule: RuleView, format: Formatting): { need: string; have: string } {
  const { t } = useTranslation();
  const { unit, passed, need, have } = rule;
  if (unit === "access") {
    const all = t("gate.allOrders");
    return { need: all, have: passed ? all : t("gate.recentOrders") };
  }
  if (rule.code === "level") {
    const off = (share: number) => t("gate.off", { amount: format.exactPercent(share) });
    return { need: t("gate.atMost", { amount: off(need) }), have: off(have) };
  }
  if (unit === "share") {
    const better = (share: number) => t("gate.better", { amount: format.exactPercent(share) });
    const none = rule.expectedOn ? t("gate.notTested") : t("gate.noBetter");
    return {
      need: t("gate.atLeast", { amount: better(need) }),
      have: have > 0 ? better(have) : none,
    };
  }
  const bound = rule.code === "recent-order" ? "atMost" : "atLeast";
  // Rounded up, so that the text never asks for less than the rule does.
  const needed = t(`gate.unit.${unit}`, { count: Math.ceil(need) });
  return {
    need: t(`gate.${bound}`, { amount: needed }),
    have: t(`gate.unit.${unit}`, { count: have }),
  };
}

/** An explanation for the rules about past windows. */
function Explained({ code }: Pick<RuleView, "code">) {
  const { t } = useTranslation();
  if (code !== "skill" && code !== "buyers" && code !== "level") return null;
  return <Text as="p">{t(`gate.explain.${code}`)}</Text>;
}
