import { Link } from "@remix-run/react";
import { BlockStack, Card, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useRepeatedly } from "./useFreshness.ts";

const WAIT_MS = 3_000;

type Props = { of: "customers" | "accuracy"; kind: "importing" | "refused" };

/** A page before there are scores, or when the store's past carries none: why, and where to look. */
export function WaitingPage({ of, kind }: Props) {
  const { t } = useTranslation();
  useRepeatedly(kind === "importing" ? WAIT_MS : null);
  return (
    <Page title={t(`${of}.title`)}>
      <Card>
        <BlockStack gap="300">
          <div role="status">
            <Text as="p" variant="headingMd">
              {t(`${of}.${kind}`)}
            </Text>
          </div>
          <Text as="p">
            {t(`${of}.${kind}Body`)} <Link to="/app">{t(`${of}.${kind}Link`)}</Link>
          </Text>
        </BlockStack>
      </Card>
    </Page>
  );
}
