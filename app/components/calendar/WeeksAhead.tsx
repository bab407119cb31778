import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { CalendarView } from "#app/scoring/views/calendar.ts";

import { useRanged } from "./useRanged.ts";
import { WeekRow } from "./WeekRow.tsx";
import { WeeksChart } from "./WeeksChart.tsx";

type Props = { view: CalendarView; format: Formatting };

/** Each week with how many and how much, as a picture and as a table that leads to the people. */
export function WeeksAhead({ view: { weeks }, format }: Props) {
  const { t } = useTranslation();
  const { count } = useRanged(format);
  const [first, ...rest] = weeks;
  if (!first) return null;
  const fullest = rest.reduce(
    (most, week) => (week.customers.expected > most.customers.expected ? week : most),
    first,
  );
  return (
    <section aria-labelledby="weeks-ahead">
      <Card>
        <BlockStack gap="300">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd" id="weeks-ahead">
              {t("calendar.ahead")}
            </Text>
            <Text as="p" tone="subdued">
              {t("calendar.fullest", {
                day: format.shortDay(fullest.from),
                customers: count(fullest.customers).expected,
              })}
            </Text>
          </BlockStack>
          <WeeksChart weeks={weeks} format={format} />
          <table className="encore-examples encore-weeks">
            <caption className="encore-weeks__caption">{t("calendar.caption")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("calendar.column.week")}</th>
                <th scope="col">{t("calendar.column.customers")}</th>
                <th scope="col">{t("calendar.column.spend")}</th>
              </tr>
            </thead>
            <tbody>
              {weeks.map((week) => (
                <WeekRow key={week.from} week={week} format={format} />
              ))}
            </tbody>
          </table>
          <Text as="p" tone="subdued">
            {t("calendar.how")}
          </Text>
          <Text as="p" tone="subdued">
            {t("calendar.who")}
          </Text>
        </BlockStack>
      </Card>
    </section>
  );
}
