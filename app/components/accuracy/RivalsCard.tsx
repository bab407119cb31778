import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { NewestWeek, Rival } from "#app/scoring/views/accuracy.ts";

type Props = { week: NewestWeek; format: Formatting };

/** Encore beside rules that need only a spreadsheet, on the same customers. */
export function RivalsCard({ week, format }: Props) {
  const { t } = useTranslation();
  const inHundred = (share: number | null) => (share === null ? "–" : format.average(100 * share));
  const { rivals, shopify, horizonDays: days } = week;
  const byBuyers = [...rivals].sort((left, right) => (right.auc ?? 0) - (left.auc ?? 0));
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd" id="rivals">
          {t("accuracy.rivals.title")}
        </Text>
        <Text as="p">{useWinners(rivals)}</Text>
        <Text as="p" tone="subdued">
          {t("accuracy.rivals.legend", { days })}
        </Text>
        <table className="encore-examples" aria-labelledby="rivals">
          <thead>
            <tr>
              <th scope="col">{t("accuracy.rivals.rule")}</th>
              <th scope="col">{t("accuracy.rivals.buyers")}</th>
              <th scope="col">{t("accuracy.rivals.value")}</th>
            </tr>
          </thead>
          <tbody>
            {byBuyers.map(({ name, usesSpend, auc, gini }) => (
              <tr key={name}>
                <th scope="row">
                  <Text as="span" fontWeight={name === "encore" ? "bold" : "regular"}>
                    {t(`accuracy.rivals.names.${name}`)}
                  </Text>
                  {usesSpend && (
                    <Text as="span" tone="subdued">
                      {" "}
                      {t("accuracy.rivals.usesSpend")}
                    </Text>
                  )}
                </th>
                <td>{inHundred(auc)}</td>
                <td>{inHundred(gini)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <Text as="p">
          {shopify === null
            ? t("accuracy.rivals.shopifyLater")
            : t("accuracy.rivals.shopify", {
                buyers: inHundred(shopify.auc),
                value: inHundred(shopify.gini),
                ours: inHundred(shopify.scores.auc),
                oursValue: inHundred(shopify.scores.gini),
              })}
        </Text>
      </BlockStack>
    </Card>
  );
}

/** Who ranked buyers best, and who ranked spend best. */
function useWinners(rivals: Rival[]): string {
  const { t } = useTranslation();
  // Encore is the first of them, and so of equals.
  const winner = (measure: "auc" | "gini") =>
    [...rivals].sort((left, right) => (right[measure] ?? 0) - (left[measure] ?? 0))[0].name;
  const [buyers, value] = [winner("auc"), winner("gini")];
  const name = (rule: Rival["name"]) => t(`accuracy.rivals.names.${rule}`);
  if (buyers === "encore" && value === "encore") return t("accuracy.rivals.both");
  if (buyers === "encore") return t("accuracy.rivals.buyersOnly", { rule: name(value) });
  if (value === "encore") return t("accuracy.rivals.valueOnly", { rule: name(buyers) });
  return t("accuracy.rivals.neither", { buyers: name(buyers), value: name(value) });
}
