import { Link } from "@remix-run/react";
import { BlockStack, Card, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useRepeatedly } from "#app/components/shared/useFreshness.ts";

const WAIT_MS = 3_000;

/** The calendar before there are scores, or when the store's past carries none. */
export function CalendarWaiting({ kind }: { kind: "importing" | "refused" }) {
  const { t } = useTranslation();
  useRepeatedly(kind === "importing" ? WAIT_MS : null);
  return (
    <Page title={t("calendar.title")}>
      <Card>
        <BlockStack gap="300">
          <div role="status">
            <Text as="p" variant="headingMd">
              {t(`calendar.waiting.${kind}`)}
            </Text>
          </div>
          <Text as="p">
            {t(`calendar.waiting.${kind}Body`)}{" "}
            <Link to="/app">{t(`calendar.waiting.${kind}Link`)}</Link>
          </Text>
        </BlockStack>
      </Card>
    </Page>
  );
}
