import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, Checkbox, InlineStack, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { CountedTotals } from "#app/orders/purchases/order-counts.ts";
import {
  orderRuleFields,
  type OrderRules,
  type TypedRules,
} from "#app/orders/store/order-rules.ts";

import { OrderSources } from "./OrderSources.tsx";
import { useUnsaved } from "./SaveBar.tsx";
import { useTried } from "./useTried.ts";

type Effect = { effect: { now: CountedTotals; then: CountedTotals } };
type Props = { rules: OrderRules; format: Formatting };

const DEFAULTS: TypedRules = { tags: "", channels: "", countZero: "" };

/** Which orders count, and which the merchant leaves out, with the effect before it is saved. */
export function OrdersForm({ rules, format }: Props) {
  const { t } = useTranslation();
  const saved: TypedRules = {
    tags: rules.tags.join(", "),
    channels: rules.channels.join(", "),
    countZero: rules.countZero ? "on" : "",
  };
  const { tags, channels, countZero } = saved;
  const [typed, setTyped] = useState(saved);
  const changed = !isSame(typed, saved);
  const fetcher = useFetcher<{ kind: string }>({ key: "order rules" });
  const answer = fetcher.data;
  useEffect(() => {
    // What was typed is saved without what means nothing, such as a second comma.
    if (answer?.kind === "asked") setTyped({ tags, channels, countZero });
  }, [answer, tags, channels, countZero]);
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
  const field = (name: "tags" | "channels") => (
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
          <Checkbox
            label={t("settings.orders.countZero")}
            helpText={t("settings.orders.countZeroHelp")}
            checked={typed.countZero === "on"}
            onChange={(on) => {
              setTyped({ ...typed, countZero: on ? "on" : "" });
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
          {!isSame(typed, DEFAULTS) && (
            <InlineStack>
              <Button
                onClick={() => {
                  setTyped(DEFAULTS);
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

function isSame(one: TypedRules, other: TypedRules): boolean {
  return orderRuleFields.every((name) => one[name] === other[name]);
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
