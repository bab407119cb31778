import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { Chart } from "#app/components/shared/charts/Chart.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { CustomerView } from "#app/scoring/views/customer.ts";
import type { Timeline } from "#app/scoring/views/customer-timeline.ts";

import { HEIGHT, TimelinePicture } from "./TimelinePicture.tsx";
import { useTimelineTexts } from "./useTimelineTexts.ts";

type Props = { view: CustomerView; timeline: Timeline; format: Formatting };

/** Purchases and likelihood over time, with the days on which the next order is expected. */
export function TimelineCard({ view, timeline, format }: Props) {
  const { t } = useTranslation();
  const { label, table } = useTimelineTexts({ timeline, days: view.horizonDays, format });
  return (
    <section aria-labelledby="timeline">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd" id="timeline">
            {t("timeline.title")}
          </Text>
          <Chart label={label} height={HEIGHT} table={table}>
            {(width) => (
              <TimelinePicture
                timeline={timeline}
                width={width}
                format={format}
                today={t("timeline.today")}
              />
            )}
          </Chart>
          <Legend timeline={timeline} days={view.horizonDays} format={format} />
        </BlockStack>
      </Card>
    </section>
  );
}

type LegendProps = { timeline: Timeline; days: number; format: Formatting };

/** What each mark means; only of those that are in the picture. */
function Legend({ timeline, days, format }: LegendProps) {
  const { t } = useTranslation();
  const { by, likelihood, expected, passed, purchases, earlier } = timeline;
  const largest = Math.max(...purchases.map(({ amountMinor }) => amountMinor));
  const lastWeek = likelihood.findLast(({ reconstructed }) => reconstructed);
  const mark = (shape: string) => (
    <span className={`encore-key encore-key--${shape}`} aria-hidden />
  );
  return (
    <ul className="encore-keys">
      <li>
        {mark("dot")}
        {t(`timeline.dot.${by}`, { amount: format.money(largest) })}
      </li>
      {likelihood.length > 0 && (
        <li>
          {mark("line")}
          {t("timeline.line", { days })}
        </li>
      )}
      {lastWeek && (
        <li>
          {mark("dashes")}
          {t("timeline.reconstructed", { day: format.day(lastWeek.on) })}
        </li>
      )}
      {expected && (
        <li>
          {mark("band")}
          {t("timeline.band")}
        </li>
      )}
      {passed && (
        <li>
          {mark("frame")}
          {t("timeline.frame")}
        </li>
      )}
      {earlier > 0 && (
        <li>{t("timeline.earlier", { count: earlier, day: format.day(timeline.from) })}</li>
      )}
    </ul>
  );
}
