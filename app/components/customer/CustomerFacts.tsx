import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { ComparedFacts, CustomerView } from "#app/scoring/views/customer.ts";

type Props = { view: CustomerView; format: Formatting };

const facts = ["age", "lifespan", "silent", "orders", "meanSpend"] as const;

/** The facts behind the scores, beside the store's typical values. */
export function CustomerFacts({ view, format }: Props) {
  const { t } = useTranslation();
  const own = useShown(view.own, format);
  const typical = useShown(view.typical, format);
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd" id="facts">
          {t("customer.facts.title")}
        </Text>
        <table className="encore-examples" aria-labelledby="facts">
          <thead>
            <tr>
              <th scope="col">{t("customer.facts.fact")}</th>
              <th scope="col">{t("customer.facts.own")}</th>
              <th scope="col">{t("customer.facts.typical")}</th>
            </tr>
          </thead>
          <tbody>
            {facts.map((fact) => (
              <tr key={fact}>
                <th scope="row">{t(`customer.facts.${fact}`)}</th>
                <td>{own[fact]}</td>
                <td>{typical[fact]}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <Text as="p" tone="subdued">
          {t("customer.facts.note")}
        </Text>
      </BlockStack>
    </Card>
  );
}

function useShown(values: ComparedFacts, format: Formatting) {
  const { t } = useTranslation();
  const { lifespanDays } = values;
  return {
    age: format.duration(values.ageDays),
    lifespan: lifespanDays === null ? t("customer.facts.none") : format.duration(lifespanDays),
    silent: format.duration(values.silentDays),
    orders: format.average(values.orders),
    meanSpend: format.money(values.meanSpendMinor),
  };
}
