import { byDateDescending, customerName, latestOrders } from "../customer-facts.ts";
import { html } from "../html.ts";
import { pager, takePage } from "../paging.ts";
import { customerLink, emptyState, live, pageHeader, paymentBadge, table } from "../parts.ts";
import type { View, Visit } from "../visit.ts";

/** All orders, or with `?customer=` one customer's, latest first. */
export function ordersPage(visit: Visit): View {
  const { shop, t, url, formats, paths } = visit;
  const customer = shop.customers.get(url.searchParams.get("customer") ?? "");
  const orders = customer
    ? latestOrders(shop, customer.id)
    : byDateDescending(shop.orders.values());
  const paged = takePage(orders, url);
  const title = customer ? t("orders.of", { customer: customerName(customer) }) : t("orders.title");
  const list =
    orders.length === 0
      ? emptyState(t("orders.empty"))
      : table(
          title,
          [
            {
              title: t("column.order"),
              cell: (order) => html`<span class="strong">${order.name}</span>`,
            },
            { title: t("column.date"), cell: (order) => formats.dateTime(order.processedAt) },
            {
              title: t("column.customer"),
              cell: (order) => customerLink(visit, shop, order.customerId),
            },
            { title: t("column.payment"), cell: (order) => paymentBadge(visit, order) },
            {
              title: t("column.refunded"),
              numeric: true,
              cell: (order) =>
                order.refunds.length > 0 &&
                formats.money(order.refunds.reduce((sum, refund) => sum + refund.amountMinor, 0)),
            },
            {
              title: t("column.total"),
              numeric: true,
              cell: (order) => formats.money(order.originalTotalMinor),
            },
          ],
          paged.items,
        );
  return {
    title,
    section: "orders",
    live: { list },
    customerId: customer?.id,
    body: html`${pageHeader({
        title,
        back: customer && { href: paths.customer(customer.id), text: customerName(customer) },
      })}
      <section class="card flush">${live("list", list)} ${pager(visit, paged)}</section>`,
  };
}
