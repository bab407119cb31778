import { Banner } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";
import type { WaitingRequests } from "#app/privacy/reports/report.ts";

type Props = { waiting: WaitingRequests; format: Formatting };

/**
 * Tells the merchant that a customer requested their data, which only the merchant can hand over.
 */
export function PrivacyNotice({ waiting, format }: Props) {
  const { t } = useTranslation();
  return (
    <Banner
      tone="warning"
      title={t("privacy.waiting", { count: waiting.count })}
      action={{ content: t("privacy.see"), url: "/app/privacy" }}
    >
      {t("privacy.waitingBody", { day: format.day(waiting.dueOn) })}
    </Banner>
  );
}
