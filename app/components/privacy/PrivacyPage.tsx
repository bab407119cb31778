import { BlockStack, Card, Link, List, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useFormatting } from "#app/components/shared/Texts.tsx";
import type { RequestView } from "#app/privacy/reports/report.ts";

/** Answers "what does Encore hold about my customers, and who has requested it?" */
export function PrivacyPage({ requests }: { requests: RequestView[] }) {
  const { t } = useTranslation();
  return (
    <Page
      title={t("privacy.title")}
      backAction={{ url: "/app", content: t("app.home"), accessibilityLabel: t("app.backHome") }}
    >
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd" id="requests">
              {t("privacy.requests")}
            </Text>
            <Text as="p">{t("privacy.requestsBody")}</Text>
            {requests.length === 0 ? (
              <Text as="p" tone="subdued">
                {t("privacy.none")}
              </Text>
            ) : (
              <RequestTable requests={requests} />
            )}
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              {t("privacy.held")}
            </Text>
            <List>
              <List.Item>{t("privacy.heldOrders")}</List.Item>
              <List.Item>{t("privacy.heldScores")}</List.Item>
              <List.Item>{t("privacy.heldNot")}</List.Item>
              <List.Item>{t("privacy.heldEnd")}</List.Item>
            </List>
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}

function RequestTable({ requests }: { requests: RequestView[] }) {
  const { t } = useTranslation();
  // The dates are calendar days of the shop, and there are no amounts, so any zone and currency
  // will do.
  const format = useFormatting({ currency: "USD", timeZone: "UTC" });
  return (
    <table className="encore-examples" aria-labelledby="requests">
      <thead>
        <tr>
          <th scope="col">{t("target.customer")}</th>
          <th scope="col">{t("privacy.requested")}</th>
          <th scope="col">{t("privacy.answer")}</th>
        </tr>
      </thead>
      <tbody>
        {requests.map(({ id, customerId, requestedOn, dueOn, handedOverOn }) => (
          <tr key={id}>
            <td>
              <Link url={`/app/privacy/${encodeURIComponent(id)}`}>
                {t("target.unnamed", { id: customerId })}
              </Link>
            </td>
            <td>{format.day(requestedOn)}</td>
            <td>
              {handedOverOn === null
                ? t("privacy.due", { day: format.day(dueOn) })
                : t("privacy.handedOver", { day: format.day(handedOverOn) })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
