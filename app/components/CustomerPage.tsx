import { BlockStack, Button, InlineGrid, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { Target } from "#app/campaigns/target.ts";
import type { CustomerView } from "#app/scoring/customer.ts";
import { CustomerFacts } from "./CustomerFacts.tsx";
import { CustomerMoves } from "./CustomerMoves.tsx";
import { ChanceCard, ValueCard } from "./CustomerTiers.tsx";
import { useFormatting } from "./Texts.tsx";
import { useReasons } from "./useReasons.ts";

type Props = {
  view: CustomerView;
  /** The group the merchant came from. */
  from: Target | null;
};

/** "Why is this one here?" */
export function CustomerPage({ view, from }: Props) {
  const { t } = useTranslation();
  const format = useFormatting({ currency: view.currency, timeZone: "UTC" });
  const reasons = useReasons(format)(view);
  const back = from
    ? { url: `/app/targets/${from.axis}/${from.tier}`, accessibilityLabel: t("customer.back") }
    : { url: "/app", accessibilityLabel: t("app.backHome") };
  return (
    <Page
      title={view.name ?? t("target.unnamed", { id: view.customerId })}
      backAction={{ content: t("app.home"), ...back }}
      secondaryActions={
        <Button url={`shopify://admin/customers/${view.customerId}`} target="_top">
          {t("customer.open")}
        </Button>
      }
    >
      <BlockStack gap="400">
        <div className="encore-lead">
          <Text as="p" variant="bodyLg">
            {reasons.join(" ")}
          </Text>
        </div>
        <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
          <ValueCard view={view} format={format} />
          <ChanceCard view={view} format={format} />
        </InlineGrid>
        <CustomerFacts view={view} format={format} />
        <CustomerMoves moves={view.moves} format={format} />
      </BlockStack>
    </Page>
  );
}
