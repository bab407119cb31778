import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { CountedTotals } from "#app/orders/purchases/order-counts.ts";
import type { OrderRules } from "#app/orders/store/order-rules.ts";

import { OrderSources } from "./OrderSources.tsx";
import { useUnsaved } from "./SaveBar.tsx";
import { useTried } from "./useTried.ts";

type Typed = { tags: string; channels: string };
type Effect = { effect: { now: CountedTotals; then: CountedTotals } };
type Props = { rules: OrderRules; format: Formatting };

/** Which orders the merchant leaves out, with the effect before it is saved. */
export function OrdersForm({ rules, format }: Props) {
  const { t } = useTranslation();
  const saved = { tags: rules.tags.join(", "), channels: rules.channels.join(", ") };
  const [typed, setTyped] = useState<Typed>(saved);
  const changed = typed.tags !== saved.tags || typed.channels !== saved.channels;
  const fetcher = useFetcher<{ kind: string }>({ key: "order rules" });
  const answer = fetcher.data;
  useEffect(() => {
    // What was typed is saved without what means nothing, such as a second comma.
    if (answer?.kind === "asked") setTyped({ tags: saved.tags, channels: saved.channels });
  }, [answer, saved.tags, saved.channels]);
  useUnsaved("orders", changed, {
    save: () => {
      fetcher.submit({ intent: "order-rules", ...typed }, { method: "post" });
    },
    discard: () => {
      setTyped(saved);
    },
  });
  const query = new URLSearchParams(typed).toString();
  const { found, loading } = useTried<Effect>(
    "order effect",
    changed ? `/app/order-effect?${query}` : null,
  );
  const field = (name: keyof Typed) => (
    <TextField
      label={t(`settings.orders.${name}`)}
      helpText={t(`settings.orders.${name}Help`)}
      autoComplete="off"
      maxLength={1000}
      value={typed[name]}
      onChange={(value) => {
        setTyped({ ...typed, [name]: value });
      }}
    />
  );
  return (
    <section aria-labelledby="orders">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd" id="orders">
            {t("settings.orders.title")}
          </Text>
          <Text as="p">{t("settings.orders.description")}</Text>
          {field("tags")}
          {field("channels")}
          <OrderSources
            typed={typed}
            format={format}
            onLeaveOut={({ of, name }) => {
              setTyped({ ...typed, [of]: [typed[of], name].filter(Boolean).join(", ") });
            }}
          />
          <div role="status" aria-busy={loading}>
            {changed && found && <EffectLine {...found.effect} />}
            {answer?.kind === "invalid" && (
              <Text as="p" tone="critical">
                {t("settings.orders.invalid")}
              </Text>
            )}
          </div>
          <Text as="p" tone="subdued">
            {t("settings.orders.consequences")}
          </Text>
          {(typed.tags !== "" || typed.channels !== "") && (
            <InlineStack>
              <Button
                onClick={() => {
                  setTyped({ tags: "", channels: "" });
                }}
              >
                {t("settings.orders.none")}
              </Button>
            </InlineStack>
          )}
        </BlockStack>
      </Card>
    </section>
  );
}

function EffectLine({ now, then }: Effect["effect"]) {
  const { t } = useTranslation();
  const [orders, customers] = [now.orders - then.orders, now.customers - then.customers];
  const line =
    orders >= 0
      ? t("settings.orders.fewer", { count: orders, of: now.orders })
      : t("settings.orders.more", { count: -orders });
  const people =
    customers >= 0
      ? t("settings.orders.unscored", { count: customers, of: now.customers })
      : t("settings.orders.scoredAgain", { count: -customers });
  return (
    <Text as="p" fontWeight="semibold">
      {line} {people}
    </Text>
  );
}
