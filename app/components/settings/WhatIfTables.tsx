import { BlockStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { WhatIf } from "#app/scoring/views/tier-settings.ts";
import type { Axis } from "#engine";

type Props = { whatIf: WhatIf; customers: number; horizonDays: number; format: Formatting };

/** Customers and expected spend of each tier, now and with other tiers, on both axes. */
export function WhatIfTables({ whatIf, customers, horizonDays, format }: Props) {
  const { t } = useTranslation();
  const { moved, tiersChanged, thresholds } = whatIf;
  const begins = {
    buy: t("settings.tiers.buyBegins", {
      high: format.percent(thresholds.buyHigh),
      low: format.percent(thresholds.buyLow),
      days: horizonDays,
    }),
    clv: t("settings.tiers.clvBegins", {
      high: format.money(thresholds.clvHigh),
      moderate: format.money(thresholds.clvModerate),
      days: horizonDays,
    }),
  };
  return (
    <BlockStack gap="300">
      <Text as="p" fontWeight="semibold">
        {moved === 0
          ? t("settings.tiers.nobodyMoves")
          : t("settings.tiers.moves", { count: moved, of: customers })}
      </Text>
      {moved > 0 && (
        <Text as="p">{t("settings.tiers.writes", { count: tiersChanged, moved })}</Text>
      )}
      <div className="encore-settings__columns">
        {(["buy", "clv"] as const).map((axis) => (
          <BlockStack gap="100" key={axis}>
            <AxisTable axis={axis} whatIf={whatIf} format={format} />
            <Text as="p" tone="subdued">
              {begins[axis]}
            </Text>
          </BlockStack>
        ))}
      </div>
    </BlockStack>
  );
}

function AxisTable({ axis, whatIf, format }: { axis: Axis } & Pick<Props, "whatIf" | "format">) {
  const { t } = useTranslation();
  const rows = whatIf.before[axis].map((before, index) => ({
    before,
    after: whatIf.after[axis][index] ?? before,
  }));
  return (
    <table className="encore-what-if">
      <caption>{t(`axis.${axis}`)}</caption>
      <thead>
        <tr>
          <th scope="col">{t("settings.tiers.tier")}</th>
          <th scope="col">{t("settings.tiers.customers")}</th>
          <th scope="col">{t("settings.tiers.spend")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ before, after }) => (
          <tr key={before.tier}>
            <th scope="row">{t(`tier.${before.tier}`)}</th>
            <td>
              <Change
                before={format.number(before.customers)}
                after={format.number(after.customers)}
              />
            </td>
            <td>
              <Change
                before={format.money(before.expectedSpendMinor)}
                after={format.money(after.expectedSpendMinor)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One figure where nothing changes. */
function Change({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation();
  if (before === after) return before;
  return (
    <>
      <Text as="span" visuallyHidden>
        {t("settings.tiers.fromTo", { before, after })}
      </Text>
      <span aria-hidden="true">
        <span className="encore-what-if__before">{before}</span> → <strong>{after}</strong>
      </span>
    </>
  );
}
