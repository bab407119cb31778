import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { LedgerLine } from "#app/scoring/views/accuracy.ts";

type Props = { ledger: LedgerLine[]; format: Formatting };

/** A line for each judged week, newest first. */
export function LedgerCard({ ledger, format }: Props) {
  const { t } = useTranslation();
  const share = (value: number | null) => (value === null ? "–" : format.percent(value));
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd" id="ledger">
          {t("accuracy.ledger.title")}
        </Text>
        <Text as="p" tone="subdued">
          {t("accuracy.ledger.body")}
        </Text>
        {/* It scrolls by itself on a phone; without a tab stop a keyboard could not. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="encore-chart__scroll" tabIndex={0} role="group" aria-labelledby="ledger">
          <table className="encore-examples encore-ledger">
            <thead>
              <tr>
                <th scope="col">{t("accuracy.ledger.week")}</th>
                <th scope="col">{t("accuracy.ledger.bought")}</th>
                <th scope="col">{t("accuracy.ledger.buyers")}</th>
                <th scope="col">{t("accuracy.ledger.spend")}</th>
              </tr>
            </thead>
            <tbody>
              {ledger.map((line) => (
                <tr key={line.from}>
                  <th scope="row">
                    {format.day(line.from)}
                    {line.source === "reconstructed" && (
                      <Text as="span" tone="subdued">
                        {" "}
                        {t("accuracy.source.reconstructed")}
                      </Text>
                    )}
                  </th>
                  <td>
                    {[line.bought.high, line.bought.moderate, line.bought.low]
                      .map(share)
                      .join(" / ")}
                  </td>
                  <td>
                    {t("accuracy.ledger.pair", {
                      expected: format.number(Math.round(line.buyers.expected)),
                      actual: format.number(line.buyers.actual),
                    })}
                  </td>
                  <td>
                    {t("accuracy.ledger.pair", {
                      expected: format.money(line.spend.expected),
                      actual: format.money(line.spend.actual),
                    })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </BlockStack>
    </Card>
  );
}
