import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { type KnownSegments, targetKey } from "#app/campaigns/target.ts";
import { type Formatting, outOfHundred } from "#app/i18n/formatting.ts";
import type { ScoredHome } from "#app/scoring/views/home.ts";
import type { Axis } from "#engine";

import { TierRow } from "./TierRow.tsx";

type Props = {
  axis: Axis;
  scored: ScoredHome;
  segments: KnownSegments;
  format: Formatting;
  /**
   * Id of the element that explains why segments cannot be created yet; undefined when they can.
   */
  blockedBy: string | undefined;
};

/** One axis with its four tiers, whose bars add up to all scored customers. */
export function TierCard({ axis, scored, segments, format, blockedBy }: Props) {
  const { t } = useTranslation();
  const rows = scored.axes[axis];
  const total = {
    customers: rows.reduce((sum, row) => sum + row.customers, 0),
    expectedSpendMinor: rows.reduce((sum, row) => sum + row.expectedSpendMinor, 0),
  };
  const days = scored.horizonDays;
  const usual =
    scored.observedRate === null
      ? t("card.usualExpected", { days, count: outOfHundred(scored.baseRate).count })
      : t("card.usual", { days, count: outOfHundred(scored.observedRate).count });
  const title = `card-${axis}`;
  return (
    <section aria-labelledby={title}>
      <Card padding="0">
        <div className="encore-card__head">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd" id={title}>
              {t("card.title", { axis: t(`axis.${axis}`), days })}
            </Text>
            <Text as="p" tone="subdued">
              {axis === "clv" ? t("card.clv") : usual}
            </Text>
            {axis === "clv" && scored.expectedTotal && (
              <Text as="p" tone="subdued">
                {t("card.total", {
                  total: format.money(total.expectedSpendMinor),
                  low: format.money(scored.expectedTotal.low),
                  high: format.money(scored.expectedTotal.high),
                })}
              </Text>
            )}
          </BlockStack>
        </div>
        <ul className="encore-rows">
          {rows.map((row) => (
            <TierRow
              key={row.tier}
              axis={axis}
              row={row}
              total={total}
              segment={segments[targetKey({ axis, tier: row.tier })] ?? null}
              format={format}
              blockedBy={blockedBy}
            />
          ))}
        </ul>
      </Card>
    </section>
  );
}
