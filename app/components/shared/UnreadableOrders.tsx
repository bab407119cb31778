import { Button, List } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

import type { UnreadableView } from "#app/orders/store/unreadable-orders.ts";

/** The number of unreadable orders, and some of them with the reason and a link to the admin. */
export function UnreadableOrders({ unreadable }: { unreadable: UnreadableView }) {
  const { t } = useTranslation();
  const { orders, named, unnamed } = unreadable;
  const more = orders - named.length - unnamed;
  return (
    <>
      {t("unreadable.orders", { count: orders })}
      <List>
        {named.map(({ orderId, reason }) => (
          <List.Item key={orderId}>
            <Button
              variant="plain"
              url={`shopify://admin/orders/${orderId}`}
              target="_top"
              accessibilityLabel={t("unreadable.open", { id: orderId })}
            >
              {t("unreadable.order", { id: orderId })}
            </Button>
            {` (${t(`unreadable.reason.${reason}`)})`}
          </List.Item>
        ))}
        {more > 0 && <List.Item>{t("unreadable.more", { count: more })}</List.Item>}
        {unnamed > 0 && <List.Item>{t("unreadable.unnamed", { count: unnamed })}</List.Item>}
      </List>
    </>
  );
}
