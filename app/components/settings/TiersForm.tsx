import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, RangeSlider, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useRepeatedly } from "#app/components/shared/useFreshness.ts";
import type { Formatting } from "#app/i18n/formatting.ts";
import {
  defaultTierChoice,
  MOST_UPPER,
  type TierChoice,
  tierLimits,
  type TierSettings,
  type WhatIf,
} from "#app/scoring/views/tier-settings.ts";

import { useUnsaved } from "./SaveBar.tsx";
import { useTried } from "./useTried.ts";
import { WhatIfTables } from "./WhatIfTables.tsx";

const WAIT_MS = 2_000;

type Props = { tiers: TierSettings; format: Formatting };

/** Where the tiers begin, with what a change would do before it is saved. */
export function TiersForm({ tiers, format }: Props) {
  const { t } = useTranslation();
  const { saved, pending, scored } = tiers;
  const [choice, setChoice] = useState(saved);
  const changed = !isSame(choice, saved);
  const fetcher = useFetcher({ key: "tiers" });
  useUnsaved("tiers", changed, {
    save: () => {
      fetcher.submit({ intent: "tiers", ...choice }, { method: "post" });
    },
    discard: () => {
      setChoice(saved);
    },
  });
  const query = new URLSearchParams(fieldsOf(choice)).toString();
  const tried = useTried<{ whatIf: WhatIf | null }>(
    "what-if",
    changed && scored ? `/app/what-if?${query}` : null,
  );
  const whatIf = tried.found?.whatIf;
  useRepeatedly(pending ? WAIT_MS : null);
  return (
    <section aria-labelledby="tiers">
      <Card>
        <BlockStack gap="400">
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd" id="tiers">
              {t("settings.tiers.title")}
            </Text>
            <Text as="p">{t("settings.tiers.description")}</Text>
          </BlockStack>
          <Sliders choice={choice} onChange={setChoice} format={format} />
          <div role="status" aria-busy={tried.loading}>
            {changed && scored && whatIf && (
              <WhatIfTables
                whatIf={whatIf}
                customers={scored.customers}
                horizonDays={scored.horizonDays}
                format={format}
              />
            )}
            {changed && !scored && <Text as="p">{t("settings.tiers.unscored")}</Text>}
            {!changed && pending && <Text as="p">{t("settings.tiers.pending")}</Text>}
          </div>
          <Text as="p" tone="subdued">
            {t("settings.tiers.consequences")}
          </Text>
          {!isSame(choice, defaultTierChoice) && (
            <InlineStack>
              <Button
                onClick={() => {
                  setChoice(defaultTierChoice);
                }}
              >
                {t("settings.tiers.defaults")}
              </Button>
            </InlineStack>
          )}
        </BlockStack>
      </Card>
    </section>
  );
}

type SlidersProps = {
  choice: TierChoice;
  onChange: (choice: TierChoice) => void;
  format: Formatting;
};

function Sliders({ choice, onChange, format }: SlidersProps) {
  const { t } = useTranslation();
  const { clvHigh, clvModerate } = choice;
  const limits = {
    ...tierLimits,
    clvModerate: { ...tierLimits.clvModerate, max: MOST_UPPER - clvHigh },
  };
  const times = (value: number) => t("settings.tiers.times", { times: number(format, value) });
  const share = (value: number) => format.percent(value / 100);
  const shown = { buyHigh: times, buyLow: times, clvHigh: share, clvModerate: share };
  const change = (field: keyof TierChoice) => (value: number | [number, number]) => {
    const next = { ...choice, [field]: Number(value) };
    onChange({ ...next, clvModerate: Math.min(next.clvModerate, MOST_UPPER - next.clvHigh) });
  };
  const slider = (field: keyof TierChoice) => (
    <RangeSlider
      key={field}
      label={t(`settings.tiers.${field}`)}
      value={choice[field]}
      {...limits[field]}
      onChange={change(field)}
      suffix={<span className="encore-slider__value">{shown[field](choice[field])}</span>}
    />
  );
  return (
    <div className="encore-settings__columns">
      <BlockStack gap="300">
        <Text as="h3" variant="headingSm">
          {t("axis.buy")}
        </Text>
        {slider("buyHigh")}
        {slider("buyLow")}
      </BlockStack>
      <BlockStack gap="300">
        <Text as="h3" variant="headingSm">
          {t("axis.clv")}
        </Text>
        {slider("clvHigh")}
        {slider("clvModerate")}
        <Text as="p" tone="subdued">
          {t("settings.tiers.rest", { share: share(100 - clvHigh - clvModerate) })}
        </Text>
      </BlockStack>
    </div>
  );
}

function number(format: Formatting, value: number): string {
  return format.number(Math.round(100 * value) / 100);
}

function isSame(one: TierChoice, other: TierChoice): boolean {
  return (Object.keys(one) as (keyof TierChoice)[]).every((field) => one[field] === other[field]);
}

function fieldsOf(choice: TierChoice): Record<string, string> {
  return Object.fromEntries(Object.entries(choice).map(([field, value]) => [field, String(value)]));
}
