import { BlockStack, Card, InlineGrid, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { TierBadge } from "#app/components/shared/TierBadge.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { NewestWeek } from "#app/scoring/views/accuracy.ts";
import { axes, type Axis, type TierOutcome } from "#engine";

type Props = { week: NewestWeek; format: Formatting };

/** What each tier was expected to do in the newest judged week, and did. */
export function TierOutcomes({ week, format }: Props) {
  return (
    <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
      {[...axes].reverse().map((axis) => (
        <AxisOutcomes key={axis} axis={axis} week={week} format={format} />
      ))}
    </InlineGrid>
  );
}

function AxisOutcomes({ axis, week, format }: Props & { axis: Axis }) {
  const { t } = useTranslation();
  const { asOf, horizonDays: days, tiers } = week;
  const title = `outcome-${axis}`;
  // The share of buyers, or the spend for each customer.
  const shown = ({ customers }: TierOutcome, buyers: number, spend: number) => {
    if (customers === 0) return "–";
    return axis === "buy" ? format.percent(buyers / customers) : format.money(spend / customers);
  };
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd" id={title}>
          {t(`axis.${axis}`)}
        </Text>
        <Text as="p" tone="subdued">
          {t(`accuracy.tiers.${axis}`, { day: format.day(asOf), days })}
        </Text>
        <table className="encore-examples" aria-labelledby={title}>
          <thead>
            <tr>
              <th scope="col">{t("accuracy.tiers.tier")}</th>
              <th scope="col">{t("accuracy.tiers.customers")}</th>
              <th scope="col">{t("accuracy.expected")}</th>
              <th scope="col">{t("accuracy.actual")}</th>
            </tr>
          </thead>
          <tbody>
            {tiers[axis].map((outcome) => (
              <tr key={outcome.tier}>
                <th scope="row">
                  <TierBadge axis={axis} tier={outcome.tier} />
                </th>
                <td>{format.number(outcome.customers)}</td>
                <td>{shown(outcome, outcome.expectedBuyers, outcome.expectedSpend)}</td>
                <td>{shown(outcome, outcome.buyers, outcome.spend)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </BlockStack>
    </Card>
  );
}
