import { customerTotals } from "#simulator/customer-totals.ts";
import type { SimCustomer } from "#simulator/state.ts";

import { customerName, matchesSearch } from "../customer-facts.ts";
import { html } from "../html.ts";
import { pager, takePage } from "../paging.ts";
import { type Column, emptyState, live, pageHeader, table, tagList } from "../parts.ts";
import type { View, Visit } from "../visit.ts";

/** All customers, most recently changed first, filtered by `?q=`. */
export function customersPage(visit: Visit): View {
  const { shop, t, url, formats, paths } = visit;
  const search = url.searchParams.get("q") ?? "";
  const found = [...shop.customers.values()]
    .filter((customer) => matchesSearch(customer, search))
    .sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : a.updatedAt > b.updatedAt ? -1 : 0));
  const paged = takePage(found, url);
  const count = t("customers.of", {
    count: formats.number(found.length),
    total: formats.number(shop.customers.size),
  });
  const list =
    found.length === 0
      ? emptyState(t("customers.empty"), t("customers.emptyHint"))
      : table(t("customers.title"), customerColumns(visit), paged.items);
  return {
    title: t("customers.title"),
    section: "customers",
    live: { list },
    body: html`${pageHeader({
        title: t("customers.title"),
        aside: html`<a class="button" href="${paths.segments}">${t("nav.segments")}</a>`,
      })}
      <section class="card flush">
        <form class="filter" method="get">
          <label class="sr-only" for="filter">${t("search.label")}</label>
          <input
            id="filter"
            type="search"
            name="q"
            value="${search}"
            placeholder="${t("search.placeholder")}"
          />
          <button class="button">${t("search.button")}</button>
          <span class="muted">${count}</span>
        </form>
        ${live("list", list)} ${pager(visit, paged)}
      </section>`,
  };
}

/** The columns of every list of customers: this one and the members of a segment. */
export function customerColumns(visit: Visit): Column<SimCustomer>[] {
  const { shop, t, formats, paths } = visit;
  return [
    {
      title: t("column.customer"),
      cell: (customer) =>
        html`<a class="strong" href="${paths.customer(customer.id)}">${customerName(customer)}</a>`,
    },
    { title: t("column.tags"), cell: (customer) => tagList(customer.tags) },
    {
      title: t("column.orders"),
      numeric: true,
      cell: (customer) => formats.number(customerTotals(shop, customer).orders),
    },
    {
      title: t("column.spent"),
      numeric: true,
      cell: (customer) => formats.money(customerTotals(shop, customer).spentMinor),
    },
  ];
}
