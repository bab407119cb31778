import { BlockStack, Button, Page } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { type Target, targetPath } from "#app/campaigns/target.ts";

/** Where the merchant came from: a group, or the list of customers at an address. */
export type Origin = Target | { list: string };

type Props = {
  customer: { customerId: string; name: string | null };
  from: Origin | null;
  children: ReactNode;
};

/** The frame of a customer's page: name, back link, and a link to the customer in Shopify. */
export function CustomerFrame({ customer, from, children }: Props) {
  const { t } = useTranslation();
  const back = useWayBack(from);
  return (
    <Page
      title={customer.name ?? t("target.unnamed", { id: customer.customerId })}
      backAction={back}
      secondaryActions={
        <Button url={`shopify://admin/customers/${customer.customerId}`} target="_top">
          {t("customer.open")}
        </Button>
      }
    >
      <BlockStack gap="400">{children}</BlockStack>
    </Page>
  );
}

function useWayBack(from: Origin | null) {
  const { t } = useTranslation();
  if (from === null) {
    return { url: "/app", content: t("app.home"), accessibilityLabel: t("app.backHome") };
  }
  if ("list" in from) {
    const content = t("customers.title");
    return { url: from.list, content, accessibilityLabel: t("customer.backToList") };
  }
  const url = targetPath(from);
  return { url, content: t("app.home"), accessibilityLabel: t("customer.back") };
}
