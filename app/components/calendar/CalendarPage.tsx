import { BlockStack, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useFormatting } from "#app/components/shared/Texts.tsx";
import type { CalendarView } from "#app/scoring/views/calendar.ts";

import { OverdueCard } from "./OverdueCard.tsx";
import { useRanged } from "./useRanged.ts";
import { WeekByWeek } from "./WeekByWeek.tsx";
import { WeeksAhead } from "./WeeksAhead.tsx";

/** "When will they be back?" */
export function CalendarPage({ view }: { view: CalendarView }) {
  const { t } = useTranslation();
  const format = useFormatting(view);
  const { count, amount } = useRanged(format);
  const customers = count(view.total.customers);
  const spend = amount(view.total.spendMinor);
  return (
    <Page
      title={t("calendar.title")}
      backAction={{ url: "/app", content: t("app.home"), accessibilityLabel: t("app.backHome") }}
    >
      <BlockStack gap="400">
        <div className="encore-lead">
          <BlockStack gap="200">
            <Text as="p" variant="headingMd">
              {t("calendar.lead", {
                count: Math.round(view.total.customers.expected),
                weeks: view.weeks.length,
                amount: spend.expected,
              })}
            </Text>
            <Text as="p" tone="subdued">
              {t("calendar.leadRange", {
                customers: customers.range,
                amounts: spend.range,
                on: format.moment(view.scoredAt),
              })}
            </Text>
          </BlockStack>
        </div>
        <WeeksAhead view={view} format={format} />
        <OverdueCard view={view} format={format} />
        <WeekByWeek view={view} format={format} />
      </BlockStack>
    </Page>
  );
}
