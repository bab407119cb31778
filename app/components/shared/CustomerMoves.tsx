import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { TierMove } from "#app/scoring/views/customer.ts";

/** The customer's tier changes, with day and reason. */
export function CustomerMoves({ moves, format }: { moves: TierMove[]; format: Formatting }) {
  const { t } = useTranslation();
  const afterwards = moves.find(({ reconstructed }) => reconstructed);
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t("customer.moves.title")}
        </Text>
        {moves.length === 0 ? (
          <Text as="p" tone="subdued">
            {t("customer.moves.empty")}
          </Text>
        ) : (
          <ul className="encore-moves">
            {moves.map((move) => (
              <li key={`${move.on}-${move.axis}-${move.to}`}>
                <Text as="span" tone="subdued">
                  {format.day(move.on)}
                </Text>
                <span>
                  {t("customer.moves.line", {
                    axis: t(`axis.${move.axis}`),
                    from: t(`tier.${move.from}`),
                    to: t(`tier.${move.to}`),
                    why: t(`customer.moves.why.${move.why}`),
                  })}
                </span>
              </li>
            ))}
          </ul>
        )}
        {afterwards && (
          <Text as="p" tone="subdued">
            {t("customer.moves.reconstructed", { day: format.day(afterwards.on) })}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}
