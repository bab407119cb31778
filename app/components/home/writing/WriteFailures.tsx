import { Banner, List } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { useErrorMessage } from "#app/components/shared/useProblem.ts";
import type { WritingView } from "#app/writeback/plan/writing-view.ts";

/** Customers whose last write failed, by reason. */
export function WriteFailures({ failures }: { failures: WritingView["failures"] }) {
  const { t } = useTranslation();
  const message = useErrorMessage();
  const count = failures.reduce((sum, failure) => sum + failure.customers, 0);
  if (count === 0) return null;
  return (
    <Banner tone="warning" title={t("writing.failuresTitle", { count })}>
      <List>
        {failures.map(({ code, customers }) => (
          <List.Item key={code}>
            {t("writing.failure", {
              reason: message(code),
              customers: t("row.customers", { count: customers }),
            })}
          </List.Item>
        ))}
      </List>
    </Banner>
  );
}
