import { Box, List } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import { UnreadableOrders } from "#app/components/shared/UnreadableOrders.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { HomeView, ScoredHome } from "#app/scoring/views/home.ts";

import { ReconciliationLine } from "./ReconciliationLine.tsx";

type Props = {
  view: Pick<HomeView, "basis" | "currency" | "reconciliation" | "progress" | "unreadable">;
  scored?: Pick<ScoredHome, "asOf" | "scoredAt">;
  format: Formatting;
};

/** Which orders count and which do not, by reason, and how amounts are defined. */
export function BasisList({ view, scored, format }: Props) {
  const { t } = useTranslation();
  const { basis, currency, reconciliation, progress, unreadable } = view;
  const { countedOrders, guestOrders, excluded, firstDay, lastDay, countedTests = 0 } = basis;
  const span = firstDay && lastDay ? { from: format.day(firstDay), to: format.day(lastDay) } : null;
  const leftOut = basis.leftOut.filter(({ orders }) => orders > 0);
  return (
    <Box paddingBlock="100">
      <List>
        {span && (
          <List.Item>
            {t("basis.counted", { count: countedOrders, day: span.from, ...span })}
          </List.Item>
        )}
        {guestOrders > 0 && <List.Item>{t("basis.guests", { count: guestOrders })}</List.Item>}
        {countedTests > 0 && <List.Item>{t("basis.tests", { count: countedTests })}</List.Item>}
        {leftOut.map(({ reason, orders }) => (
          <List.Item key={reason}>{t(`basis.leftOut.${reason}`, { count: orders })}</List.Item>
        ))}
        {excluded.customers > 0 && (
          <List.Item>{t("basis.excluded", { count: excluded.customers })}</List.Item>
        )}
        {unreadable.orders > 0 && (
          <List.Item>
            <UnreadableOrders unreadable={unreadable} />
          </List.Item>
        )}
        <List.Item>{t("basis.money", { currency })}</List.Item>
        {scored && (
          <List.Item>
            {t("basis.scoredAt", {
              moment: format.moment(scored.scoredAt),
              day: format.day(scored.asOf),
            })}
          </List.Item>
        )}
        <List.Item>
          <ReconciliationLine
            check={reconciliation}
            progress={progress.find(({ task }) => task === "check")}
            format={format}
          />
        </List.Item>
      </List>
    </Box>
  );
}
