import { useFetcher } from "@remix-run/react";
import { BlockStack, Card, ChoiceList, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { HorizonSettings } from "#app/scoring/views/horizon-settings.ts";
import { horizons } from "#engine";

import { useUnsaved } from "./SaveBar.tsx";

/** How far ahead predictions reach. */
export function HorizonForm({ horizon }: { horizon: HorizonSettings }) {
  const { t } = useTranslation();
  const saved = horizon.chosen === null ? "auto" : String(horizon.chosen);
  const [choice, setChoice] = useState(saved);
  const fetcher = useFetcher({ key: "horizon" });
  const changed = choice !== saved;
  useUnsaved("horizon", changed, {
    save: () => {
      fetcher.submit({ intent: "horizon", horizon: choice }, { method: "post" });
    },
    discard: () => {
      setChoice(saved);
    },
  });
  const current = horizon.current;
  return (
    <section aria-labelledby="horizon">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd" id="horizon">
            {t("settings.horizon.title")}
          </Text>
          <Text as="p">{t("settings.horizon.description")}</Text>
          <ChoiceList
            title={t("settings.horizon.label")}
            titleHidden
            selected={[choice]}
            onChange={([next = saved]) => {
              setChoice(next);
            }}
            choices={[
              {
                value: "auto",
                label: t("settings.horizon.auto"),
                ...(horizon.chosen === null && current !== null
                  ? { helpText: t("settings.horizon.autoNow", { days: current }) }
                  : {}),
              },
              ...horizons.map((days) => ({
                value: String(days),
                label: t("settings.horizon.days", { days }),
              })),
            ]}
          />
          <div role="status">
            {!changed && horizon.pending && <Text as="p">{t("settings.horizon.pending")}</Text>}
          </div>
          <Text as="p" tone="subdued">
            {t("settings.horizon.consequences")}
          </Text>
        </BlockStack>
      </Card>
    </section>
  );
}
