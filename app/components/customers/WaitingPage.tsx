import { Link } from "@remix-run/react";
import { BlockStack, Card, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useRepeatedly } from "#app/components/shared/useFreshness.ts";

const WAIT_MS = 3_000;

type Props = { kind: "importing" | "refused" };

/** The list before there are scores, or when the store's past carries none: why, and where to look. */
export function WaitingPage({ kind }: Props) {
  const { t } = useTranslation();
  useRepeatedly(kind === "importing" ? WAIT_MS : null);
  return (
    <Page title={t("customers.title")}>
      <Card>
        <BlockStack gap="300">
          <div role="status">
            <Text as="p" variant="headingMd">
              {t(`customers.${kind}`)}
            </Text>
          </div>
          <Text as="p">
            {t(`customers.${kind}Body`)} <Link to="/app">{t(`customers.${kind}Link`)}</Link>
          </Text>
        </BlockStack>
      </Card>
    </Page>
  );
}
