import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { HeldView } from "#app/privacy/reports/report.ts";

type Props = { orders: HeldView["orders"]; format: Formatting };

/** The orders in a report, newest first. */
export function ReportOrders({ orders, format }: Props) {
  const { t } = useTranslation();
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd" id="orders">
          {t("privacy.report.orders")}
        </Text>
        <table className="encore-examples" aria-labelledby="orders">
          <thead>
            <tr>
              <th scope="col">{t("privacy.report.order")}</th>
              <th scope="col">{t("privacy.report.day")}</th>
              <th scope="col">{t("privacy.report.amount")}</th>
            </tr>
          </thead>
          <tbody>
            {orders.map(({ id, day, amountMinor, counts }) => (
              <tr key={id}>
                <td>{counts ? `#${id}` : t("privacy.report.leftOut", { id })}</td>
                <td>{format.day(day)}</td>
                <td>{format.money(amountMinor)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </BlockStack>
    </Card>
  );
}
