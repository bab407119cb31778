import { Link } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { CalendarView } from "#app/scoring/views/calendar.ts";
import { listAddress, weekQuery } from "#app/scoring/views/customers-query.ts";
import { axes } from "#engine";

import { PastWeeks } from "./PastWeeks.tsx";

type Props = { view: CalendarView; format: Formatting };

/** The digest: what moved in the week before the last scoring, who is due now, and earlier weeks. */
export function WeekByWeek({ view: { now, past, weeks }, format }: Props) {
  const { t } = useTranslation();
  const { movedThisWeek, due, reconstructed } = now;
  const [first] = weeks;
  return (
    <section aria-labelledby="weeks">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd" id="weeks">
            {t("digest.title")}
          </Text>
          <BlockStack gap="100">
            {movedThisWeek &&
              axes.map((axis) => (
                <Text as="p" key={axis}>
                  {t("digest.moved", {
                    axis: t(`axis.${axis}`),
                    up: format.number(movedThisWeek[axis].up),
                    down: format.number(movedThisWeek[axis].down),
                  })}
                </Text>
              ))}
            <Text as="p">
              {t("digest.due", { count: due })}{" "}
              {due > 0 && first && (
                <Link to={listAddress(weekQuery(first.from))}>{t("digest.seeDue")}</Link>
              )}
            </Text>
            {movedThisWeek && reconstructed.week && (
              <Text as="p" tone="subdued">
                {t("attention.reconstructed")}
              </Text>
            )}
          </BlockStack>
          {past.length > 0 && <PastWeeks weeks={past} format={format} />}
        </BlockStack>
      </Card>
    </section>
  );
}
