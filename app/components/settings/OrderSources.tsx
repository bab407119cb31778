import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { OrderSource } from "#app/orders/store/order-sources.ts";

type Props = {
  typed: { tags: string; channels: string };
  format: Formatting;
  onLeaveOut: (source: OrderSource) => void;
};

/** Proposes tags and channels that are among the stored orders, when asked to. */
export function OrderSources({ typed, format, onLeaveOut }: Props) {
  const { t } = useTranslation();
  const fetcher = useFetcher<{ sources: OrderSource[] }>({ key: "order sources" });
  const sources = fetcher.data?.sources;
  if (!sources) {
    return (
      <InlineStack>
        <Button
          loading={fetcher.state !== "idle"}
          onClick={() => {
            fetcher.load("/app/order-sources");
          }}
        >
          {t("settings.orders.look")}
        </Button>
      </InlineStack>
    );
  }
  const isTyped = ({ of, name }: OrderSource) =>
    typed[of].split(",").some((one) => one.trim().toLowerCase() === name.toLowerCase());
  return (
    <BlockStack gap="100">
      <Text as="h3" variant="headingSm">
        {t("settings.orders.found")}
      </Text>
      {!sources.some(({ kind }) => kind !== null) && (
        <Text as="p">{t("settings.orders.nothingUsual")}</Text>
      )}
      <ul className="encore-sources">
        {sources.map((source) => {
          const { of, name, kind, orders } = source;
          const label = t(`settings.orders.source.${of}`, { name });
          return (
            <li key={`${of} ${name}`}>
              <span>
                {label},{" "}
                {t("settings.orders.orders", { count: orders, shown: format.number(orders) })}
                {kind !== null && ` · ${t(`settings.orders.kind.${kind}`)}`}
              </span>
              <Button
                size="slim"
                disabled={isTyped(source)}
                accessibilityLabel={t("settings.orders.leaveOutThis", { label })}
                onClick={() => {
                  onLeaveOut(source);
                }}
              >
                {t("settings.orders.leaveOut")}
              </Button>
            </li>
          );
        })}
      </ul>
    </BlockStack>
  );
}
