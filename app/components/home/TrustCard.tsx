import { Link } from "@remix-run/react";
import { Banner, BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useVerdict } from "#app/components/shared/useVerdict.ts";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { VerdictView } from "#app/scoring/views/accuracy.ts";

type Props = { verdict: VerdictView; format: Formatting };

/** Whether the tiers are to be believed, by what customers did. */
export function TrustCard({ verdict: view, format }: Props) {
  const { t } = useTranslation();
  const { verdict, meaning } = useVerdict(view, format);
  return (
    <section aria-labelledby="trust">
      <Card>
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd" id="trust">
            {t("accuracy.home.title")}
          </Text>
          <Text as="p">{verdict}</Text>
          {view.newest?.reconstructed && (
            <Text as="p" tone="subdued">
              {t("accuracy.reconstructed")}
            </Text>
          )}
          {view.newest !== null && <Text as="p">{meaning}</Text>}
          <Link to="/app/accuracy">{t("accuracy.home.link")}</Link>
        </BlockStack>
      </Card>
    </section>
  );
}

/** Above everything else, when the tiers have stopped telling anything. */
export function DriftAlarm({ verdict, format }: Props) {
  const { t } = useTranslation();
  const { meaning } = useVerdict(verdict, format);
  if (verdict.trust.state !== "off") return null;
  return (
    <Banner tone="critical" title={t("accuracy.home.off")}>
      <p>
        {meaning} <Link to="/app/accuracy">{t("accuracy.home.link")}</Link>
      </p>
    </Banner>
  );
}
