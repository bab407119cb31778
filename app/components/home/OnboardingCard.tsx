import { useFetcher, useRouteLoaderData } from "@remix-run/react";
import { BlockStack, Button, Card, Icon, InlineStack, Text } from "@shopify/polaris";
import { CheckCircleIcon, ClockIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { KnownSegments } from "#app/campaigns/target.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";

type Props = { writing: WritingView; segments: KnownSegments };

/** What the loader of Home says beside the view. */
export type OnboardingData = { onboarding: "open" | "dismissed" };

const HOME = "routes/app._index";

/** The first steps with a tick for each that is done; gone once all are, or when it is closed. */
export function OnboardingCard({ writing, segments }: Props) {
  const { t } = useTranslation();
  const fetcher = useFetcher({ key: "onboarding" });
  const { onboarding = "dismissed" } = useRouteLoaderData<OnboardingData>(HOME) ?? {};
  const steps = {
    // There is a dashboard to look at: the card stands on it.
    tiers: true,
    tags: writing.agreedAt !== null,
    segment: Object.keys(segments).length > 0,
  };
  // A card that was shown stays until the page is left, so that nothing moves with the last tick.
  const [begun] = useState(!Object.values(steps).every(Boolean));
  if (onboarding === "dismissed" || !begun || fetcher.state !== "idle") return null;
  return (
    <section aria-labelledby="onboarding">
      <Card>
        <BlockStack gap="300">
          <InlineStack align="space-between" blockAlign="center" gap="200" wrap={false}>
            <Text as="h2" variant="headingMd" id="onboarding">
              {t("onboarding.title")}
            </Text>
            <Button
              variant="plain"
              accessibilityLabel={`${t("onboarding.dismiss")}: ${t("onboarding.title")}`}
              onClick={() => {
                fetcher.submit({ intent: "dismiss" }, { method: "post", action: "/app?index" });
              }}
            >
              {t("onboarding.dismiss")}
            </Button>
          </InlineStack>
          <ol className="encore-steps">
            {(["tiers", "tags", "segment"] as const).map((step) => (
              <li key={step}>
                <Icon
                  source={steps[step] ? CheckCircleIcon : ClockIcon}
                  tone={steps[step] ? "success" : "subdued"}
                  accessibilityLabel={steps[step] ? t("onboarding.done") : t("onboarding.open")}
                />
                <Text as="span">{t(`onboarding.step.${step}`)}</Text>
              </li>
            ))}
          </ol>
        </BlockStack>
      </Card>
    </section>
  );
}
