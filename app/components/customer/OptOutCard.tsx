import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ConfirmDialog } from "#app/components/shared/ConfirmDialog.tsx";

/** Opts a customer out of scoring, after a confirmation. */
export function OptOutCard({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const fetcher = useFetcher({ key: `leave out ${customerId}` });
  return (
    <section aria-labelledby="opt-out">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd" id="opt-out">
            {t("optOut.title")}
          </Text>
          <Text as="p">{t("optOut.body")}</Text>
          <InlineStack>
            <Button
              loading={fetcher.state !== "idle"}
              onClick={() => {
                setAsking(true);
              }}
            >
              {t("optOut.leaveOut")}
            </Button>
          </InlineStack>
        </BlockStack>
      </Card>
      <ConfirmDialog
        open={asking}
        title={t("optOut.askTitle")}
        body={[t("optOut.askWhat"), t("optOut.askUndo")]}
        confirm={t("optOut.confirm")}
        destructive
        onConfirm={() => {
          fetcher.submit({ intent: "leave-out" }, { method: "post" });
        }}
        onClose={() => {
          setAsking(false);
        }}
      />
    </section>
  );
}
