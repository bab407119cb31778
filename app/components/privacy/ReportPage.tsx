import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, List, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { CustomerMoves } from "#app/components/shared/CustomerMoves.tsx";
import { saveFile } from "#app/components/shared/save-file.ts";
import { useFormatting } from "#app/components/shared/Texts.tsx";
import { type Formatting, outOfHundred } from "#app/i18n/formatting.ts";
import { type HeldView, isEmpty, type ReportView } from "#app/privacy/reports/report.ts";

import { ReportOrders } from "./ReportOrders.tsx";

/** Answers "what do I hand over to the customer who requested their data?" */
export function ReportPage({ view }: { view: ReportView }) {
  const { t } = useTranslation();
  const format = useFormatting({ currency: view.currency, timeZone: "UTC" });
  const { held, customerId } = view;
  return (
    <Page
      title={t("privacy.report.title", { id: customerId })}
      backAction={{
        url: "/app/privacy",
        content: t("privacy.title"),
        accessibilityLabel: t("privacy.back"),
      }}
    >
      <BlockStack gap="400">
        <Handover view={view} format={format} />
        {isEmpty(held) ? (
          <Card>
            <Text as="p">{t("privacy.report.empty")}</Text>
          </Card>
        ) : (
          <>
            <Figures held={held} format={format} />
            <ReportOrders orders={held.orders} format={format} />
            {held.moves.length > 0 && <CustomerMoves moves={held.moves} format={format} />}
          </>
        )}
      </BlockStack>
    </Page>
  );
}

/** The deadline, the instructions, and a button to record the handover. */
function Handover({ view, format }: { view: ReportView; format: Formatting }) {
  const { t } = useTranslation();
  const fetcher = useFetcher();
  const { handedOverOn, requestedOn, dueOn } = view;
  return (
    <Card>
      <BlockStack gap="300" inlineAlign="start">
        <Text as="p" variant="headingMd">
          {handedOverOn === null
            ? t("privacy.report.due", {
                requested: format.day(requestedOn),
                due: format.day(dueOn),
              })
            : t("privacy.handedOver", { day: format.day(handedOverOn) })}
        </Text>
        <Text as="p">{t("privacy.report.how")}</Text>
        <InlineStack gap="200">
          <Button
            variant="primary"
            onClick={() => {
              saveFile(view.file, `customer-${view.customerId}.json`);
            }}
          >
            {t("privacy.report.download")}
          </Button>
          {handedOverOn === null && (
            <Button
              loading={fetcher.state !== "idle"}
              onClick={() => {
                fetcher.submit({ intent: "handed-over" }, { method: "post" });
              }}
            >
              {t("privacy.report.done")}
            </Button>
          )}
          <Button url={`shopify://admin/customers/${view.customerId}`} target="_top">
            {t("customer.open")}
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

/** The score, what of it is written in Shopify, and how many earlier scores the file has. */
function Figures({ held, format }: { held: HeldView; format: Formatting }) {
  const { t } = useTranslation();
  const { score, written, earlierScores, excluded } = held;
  const lines = [
    ...(excluded ? [t("privacy.report.excluded")] : []),
    ...(score
      ? [
          t("privacy.report.tier", { axis: t("axis.clv"), tier: t(`tier.${score.clvTier}`) }),
          t("privacy.report.tier", { axis: t("axis.buy"), tier: t(`tier.${score.buyTier}`) }),
          t("privacy.report.chance", { count: outOfHundred(score.buyProbability).count }),
          t("privacy.report.expected", { amount: format.money(score.expectedSpendMinor) }),
          t("privacy.report.spent", { amount: format.money(score.spentMinor) }),
        ]
      : []),
    ...(written.length > 0 ? [t("privacy.report.written", { values: written.join(", ") })] : []),
    t("privacy.report.earlier", { count: earlierScores }),
  ];
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t("privacy.report.figures")}
        </Text>
        <List>
          {lines.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
      </BlockStack>
    </Card>
  );
}
