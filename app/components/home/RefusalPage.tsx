import { BlockStack, Card, Page, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { HomeView } from "#app/scoring/views/home.ts";

import { BasisList } from "./BasisList.tsx";
import { RuleRow } from "./RuleRow.tsx";
import { allExpectedOn } from "./rules.ts";

type Props = {
  view: Extract<HomeView, { state: "refused" }>;
  /** Shown before everything else. */
  notice: ReactNode;
  format: Formatting;
};

/** Answers "why do I see nothing?": each rule of the gate, and when it is expected to be met. */
export function RefusalPage({ view, notice, format }: Props) {
  const { t } = useTranslation();
  const unmet = view.rules.filter(({ passed }) => !passed);
  const day = allExpectedOn(unmet);
  const needsAccess = unmet.some(({ code }) => code === "full-history");
  return (
    <Page title={t("refusal.title")}>
      <BlockStack gap="400">
        {notice}
        <div className="encore-lead">
          <Text as="p" variant="headingMd">
            {t("refusal.intro", { count: unmet.length })}
            {day && ` ${t("refusal.allBy", { day: format.day(day) })}`}
          </Text>
        </div>
        <Card padding="0">
          <ul className="encore-rows">
            {view.rules.map((rule) => (
              <RuleRow key={rule.code} rule={rule} format={format} />
            ))}
          </ul>
        </Card>
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              {t("refusal.meanwhile")}
            </Text>
            <Text as="p">
              {t("refusal.meanwhileBody")}{" "}
              {needsAccess ? t("refusal.needsAccess") : t("refusal.nothingToDo")}
            </Text>
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              {t("status.basis")}
            </Text>
            <BasisList view={view} format={format} />
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}
