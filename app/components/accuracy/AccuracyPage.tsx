import { Link } from "@remix-run/react";
import { Banner, BlockStack, InlineGrid, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { HelpLink } from "#app/components/shared/HelpLink.tsx";
import { useFormatting } from "#app/components/shared/Texts.tsx";
import { useVerdict } from "#app/components/shared/useVerdict.ts";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { AccuracyView } from "#app/scoring/views/accuracy.ts";

import { CalibrationCard } from "./CalibrationCard.tsx";
import { LedgerCard } from "./LedgerCard.tsx";
import { ModelCard } from "./ModelCard.tsx";
import { RivalsCard } from "./RivalsCard.tsx";
import { TierOutcomes } from "./TierOutcomes.tsx";
import { TotalsCard } from "./TotalsCard.tsx";

type Props = { view: AccuracyView };

/** Answers "should I believe it?" */
export function AccuracyPage({ view }: Props) {
  const { t } = useTranslation();
  const format = useFormatting(view);
  const { newest, windows, calibration, ledger, model } = view;
  return (
    <Page
      title={t("accuracy.title")}
      backAction={{ url: "/app", content: t("app.home"), accessibilityLabel: t("app.home") }}
    >
      <BlockStack gap="400">
        <Lead view={view} format={format} />
        {newest && <TierOutcomes week={newest} format={format} />}
        {windows.length > 0 && (
          <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
            <TotalsCard of="buyers" windows={windows} format={format} />
            <TotalsCard of="spend" windows={windows} format={format} />
          </InlineGrid>
        )}
        {calibration && <CalibrationCard calibration={calibration} format={format} />}
        {newest && <RivalsCard week={newest} format={format} />}
        {ledger.length > 0 && <LedgerCard ledger={ledger} format={format} />}
        {model && <ModelCard model={model} format={format} />}
        <div className="encore-lead">
          <HelpLink />
        </div>
      </BlockStack>
    </Page>
  );
}

/** The verdict in a sentence, and what it means for the tiers of today. */
function Lead({ view, format }: Props & { format: Formatting }) {
  const { t } = useTranslation();
  const { verdict, meaning } = useVerdict(view, format);
  const { trust, newest, unmet, nextVerdictOn } = view;
  const asked = trust.state === "off" || trust.state === "weak" || trust.state === "level";
  return (
    <BlockStack gap="300">
      {unmet.length > 0 && (
        <Banner tone="warning">
          <p>
            {t("accuracy.refused")} <Link to="/app">{t("accuracy.refusedLink")}</Link>
          </p>
        </Banner>
      )}
      <div className="encore-lead">
        <BlockStack gap="200">
          <Text as="p" variant="headingMd">
            {verdict}
          </Text>
          {!asked && <Text as="p">{meaning}</Text>}
          {newest?.reconstructed && <Text as="p">{t("accuracy.reconstructed")}</Text>}
          {nextVerdictOn !== null && (
            <Text as="p" tone="subdued">
              {t("accuracy.next", { day: format.day(nextVerdictOn) })}
            </Text>
          )}
        </BlockStack>
      </div>
      {asked && (
        <Banner tone={trust.state === "off" ? "critical" : "warning"}>
          <p>{meaning}</p>
        </Banner>
      )}
    </BlockStack>
  );
}
