import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, RangeSlider, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
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
import { WhatIfTables } from "./WhatIfTables.tsx";

const PAUSE_MS = 300;
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
  const whatIf = useWhatIf(changed && scored ? choice : null);
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
          <div role="status" aria-busy={whatIf.loading}>
            {changed && scored && whatIf.found && (
              <WhatIfTables
                whatIf={whatIf.found}
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

/** Asks what a choice would change, a moment after the last movement of a slider. */
function useWhatIf(choice: TierChoice | null): { found: WhatIf | null; loading: boolean } {
  const fetcher = useFetcher<{ whatIf: WhatIf | null }>({ key: "what-if" });
  const { load } = fetcher;
  const query = choice && new URLSearchParams(fieldsOf(choice)).toString();
  useEffect(() => {
    if (query === null) return;
    const timer = setTimeout(() => {
      load(`/app/what-if?${query}`);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [query, load]);
  return { found: fetcher.data?.whatIf ?? null, loading: fetcher.state !== "idle" };
}

function fieldsOf(choice: TierChoice): Record<string, string> {
  return Object.fromEntries(Object.entries(choice).map(([field, value]) => [field, String(value)]));
}
