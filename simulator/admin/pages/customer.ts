import { customerTotals } from "#simulator/customer-totals.ts";
import type { SimCustomer, SimOrder } from "#simulator/state.ts";

import { customerName, latestOrders } from "../customer-facts.ts";
import { type Html, html } from "../html.ts";
import { metafieldRows } from "../metafield-rows.ts";
import { card, live, pageHeader, paymentBadge, table, tagList } from "../parts.ts";
import { customerControls } from "../simulation-panel.ts";
import type { View, Visit } from "../visit.ts";

const ordersShown = 8;

/** A customer's page, kept up to date while it is open. */
export function customerPage(visit: Visit, customer: SimCustomer): View {
  const { t, formats, paths, shop } = visit;
  const orders = latestOrders(shop, customer.id);
  const parts = {
    facts: facts(visit, customer),
    orders: latest(visit, orders, customer),
    tags:
      customer.tags.length === 0
        ? html`<p class="muted">${t("customer.noTags")}</p>`
        : tagList(customer.tags),
    metafields: metafields(visit, customer),
  };
  return {
    title: customerName(customer),
    section: "customers",
    customerId: customer.id,
    live: parts,
    liveSeconds: 2,
    body: html`${pageHeader({
        title: customerName(customer),
        back: { href: paths.customers, text: t("customers.title") },
        aside: html`<span class="muted">
          ${t("customer.since", { date: formats.date(customer.createdAt) })}
        </span>`,
      })}
      ${card({ body: html`${live("facts", parts.facts)} ${customerControls(visit, customer)}` })}
      <div class="two-columns side-first">
        ${card({ title: t("customer.recent"), body: live("orders", parts.orders) })}
        <div>
          ${card({ title: t("customer.tags"), body: live("tags", parts.tags, { log: true }) })}
          ${card({
            title: t("customer.metafields"),
            body: live("metafields", parts.metafields, { log: true }),
          })}
          ${changeLog(visit)} ${contact(visit, customer)}
        </div>
      </div>`,
  };
}

function facts({ t, formats, shop }: Visit, customer: SimCustomer): Html {
  const { orders, spentMinor, last } = customerTotals(shop, customer);
  return html`<dl class="facts">
    <div>
      <dt>${t("customer.spent")}</dt>
      <dd>${formats.money(spentMinor)}</dd>
    </div>
    <div>
      <dt>${t("customer.orders")}</dt>
      <dd>${formats.number(orders)}</dd>
    </div>
    <div>
      <dt>${t("customer.last")}</dt>
      <dd>${last ? formats.date(last.processedAt) : t("customer.none")}</dd>
    </div>
  </dl>`;
}

function latest(visit: Visit, orders: readonly SimOrder[], customer: SimCustomer): Html {
  const { t, formats, paths } = visit;
  if (orders.length === 0) return html`<p class="muted">${t("customer.noOrders")}</p>`;
  const rows = table(
    t("customer.recent"),
    [
      {
        title: t("column.order"),
        cell: (order) => html`<span class="strong">${order.name}</span>`,
      },
      { title: t("column.date"), cell: (order) => formats.dateTime(order.processedAt) },
      { title: t("column.payment"), cell: (order) => paymentBadge(visit, order) },
      {
        title: t("column.total"),
        numeric: true,
        cell: (order) => formats.money(order.currentTotalMinor),
      },
    ],
    orders.slice(0, ordersShown),
  );
  return html`${rows}
  ${
    orders.length > ordersShown &&
    html`<p><a href="${paths.customerOrders(customer.id)}">${t("customer.allOrders")}</a></p>`
  }`;
}

function metafields({ t, shop }: Visit, customer: SimCustomer): Html {
  const rows = metafieldRows(shop, customer);
  if (rows.length === 0) return html`<p class="muted">${t("customer.noMetafields")}</p>`;
  return html`<dl class="metafields">
    ${rows.map(
      (row) =>
        html`<div
          data-item="${row.value !== null && `${row.name ?? row.key}: ${row.value}`}"
          data-name="${row.name ?? row.key}"
          data-value="${row.value}"
        >
          <dt>
            ${row.name ?? t("customer.noDefinition")}
            <code>${row.key}</code>
          </dt>
          <dd>${row.value ?? html`<span class="muted">${t("customer.noValue")}</span>`}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Filled by the browser when tags and metafields are added or removed. */
function changeLog({ t }: Visit): Html {
  return card({
    title: t("customer.log"),
    body: html`<div role="log" aria-label="${t("customer.log")}">
        <ol
          class="log"
          id="change-log"
          data-added="${t("log.added")}"
          data-removed="${t("log.removed")}"
          data-changed="${t("log.changed")}"
        ></ol>
      </div>
      <p class="muted" id="change-log-empty">${t("customer.logEmpty")}</p>`,
  });
}

function contact({ t, formats }: Visit, customer: SimCustomer): Html {
  return card({
    title: t("customer.contact"),
    body: html`<p>${customer.email ?? t("customer.noEmail")}</p>
      <p>${t(`customer.${customer.emailMarketingState}`)}</p>
      ${customer.country !== null && html`<p>${formats.country(customer.country)}</p>`}
      <p class="muted">${t("customer.invented")}</p>`,
  });
}
