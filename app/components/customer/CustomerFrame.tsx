import { BlockStack, Button, Page } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { type Target, targetPath } from "#app/campaigns/target.ts";

type Props = {
  customer: { customerId: string; name: string | null };
  /** The target the merchant came from. */
  from: Target | null;
  children: ReactNode;
};

/** The frame of a customer's page: name, back link, and a link to the customer in Shopify. */
export function CustomerFrame({ customer, from, children }: Props) {
  const { t } = useTranslation();
  const back = from
    ? { url: targetPath(from), accessibilityLabel: t("customer.back") }
    : { url: "/app", accessibilityLabel: t("app.backHome") };
  return (
    <Page
      title={customer.name ?? t("target.unnamed", { id: customer.customerId })}
      backAction={{ content: t("app.home"), ...back }}
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
