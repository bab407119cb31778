import { BlockStack, Card, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { type HelpTerm, helpTerms, placeOf } from "#app/components/shared/help-terms.ts";

/** Answers "what does this word mean?", and what it does not mean. */
export function HelpPage() {
  const { t } = useTranslation();
  return (
    <Page
      title={t("help.title")}
      backAction={{ url: "/app", content: t("app.home"), accessibilityLabel: t("app.backHome") }}
    >
      <BlockStack gap="400">
        <div className="encore-lead">
          <Text as="p" variant="bodyLg">
            {t("help.lead")}
          </Text>
        </div>
        <Card>
          <BlockStack gap="500">
            {helpTerms.map((term) => (
              <Entry key={term} term={term} />
            ))}
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

function Entry({ term }: { term: HelpTerm }) {
  const { t } = useTranslation();
  const place = placeOf(term);
  return (
    <section id={place} className="encore-term" aria-labelledby={`${place}-name`}>
      <BlockStack gap="100">
        <Text as="h2" variant="headingSm" id={`${place}-name`}>
          {t(`help.term.${term}.name`)}
        </Text>
        <Text as="p">{t(`help.term.${term}.is`)}</Text>
        <Text as="p" tone="subdued">
          {t(`help.term.${term}.mind`)}
        </Text>
      </BlockStack>
    </section>
  );
}
