import { Link } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { CalendarView } from "#app/scoring/views/calendar.ts";
import { listAddress, plainQuery } from "#app/scoring/views/customers-query.ts";

type Props = { view: CalendarView; format: Formatting };

/** Those who are late by their own rhythm. */
export function OverdueCard({ view: { now, horizonDays: days }, format }: Props) {
  const { t } = useTranslation();
  const { customers: count, expectedSpendMinor } = now.overdue;
  return (
    <section aria-labelledby="overdue">
      <Card>
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd" id="overdue">
            {t("calendar.overdue")}
          </Text>
          {count === 0 ? (
            <Text as="p">{t("calendar.nobodyOverdue")}</Text>
          ) : (
            <Text as="p">
              {t("calendar.areOverdue", { count, days, amount: format.money(expectedSpendMinor) })}{" "}
              <Link to={listAddress(plainQuery("overdue"))}>{t("calendar.seeOverdue")}</Link>
            </Text>
          )}
          <Text as="p" tone="subdued">
            {t("calendar.overdueNote")}
          </Text>
        </BlockStack>
      </Card>
    </section>
  );
}
