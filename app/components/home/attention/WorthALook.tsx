import { Link } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import { listAddress, plainQuery, weekQuery } from "#app/scoring/views/customers-query.ts";
import type { ScoredHome } from "#app/scoring/views/home.ts";

type Props = { scored: ScoredHome; format: Formatting };

/** Who needs attention, each group with the way to its people. */
export function WorthALook({ scored, format }: Props) {
  const { t } = useTranslation();
  const lines = useLines({ scored, format });
  if (lines === null) return null;
  return (
    <section aria-labelledby="worth-a-look">
      <Card>
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd" id="worth-a-look">
            {t("attention.title")}
          </Text>
          {lines.length === 0 ? (
            <Text as="p" tone="subdued">
              {t("attention.nothing")}
            </Text>
          ) : (
            <ul className="encore-attention">
              {lines.map(({ key, text, aside, to }) => (
                <li key={key}>
                  <span>
                    <Text as="span" fontWeight="medium">
                      {text}
                    </Text>{" "}
                    <Text as="span" tone="subdued">
                      {aside}
                    </Text>
                  </span>
                  <Link to={to} aria-label={t("attention.seeWho", { who: text })}>
                    {t("attention.see")}
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </BlockStack>
      </Card>
    </section>
  );
}

type Line = { key: string; text: string; aside: string; to: string };

/** The lines about anybody; null where it is not known yet. */
function useLines({ scored, format }: Props): Line[] | null {
  const { t } = useTranslation();
  const { attention, asOf, horizonDays: days } = scored;
  if (attention === null) return null;
  const { slipped, due, overdue, reconstructed } = attention;
  const amount = format.money(overdue.expectedSpendMinor);
  const lines = [
    {
      key: "slipped",
      count: slipped,
      text: t("attention.slipped", { count: slipped }),
      aside: reconstructed.week ? t("attention.reconstructed") : "",
      to: listAddress(plainQuery("slipped")),
    },
    {
      key: "due",
      count: due,
      text: t("attention.due", { count: due }),
      aside: "",
      to: listAddress(weekQuery(asOf)),
    },
    {
      key: "overdue",
      count: overdue.customers,
      text: t("attention.overdue", { count: overdue.customers }),
      aside: t("attention.overdueSpend", { amount, days }),
      to: listAddress(plainQuery("overdue")),
    },
  ];
  return lines.filter(({ count }) => count > 0);
}
