import type { SimOrder, SimShop } from "#simulator/state.ts";

import { customerName } from "./customer-facts.ts";
import { type Html, html, type HtmlValue } from "./html.ts";
import type { Visit } from "./visit.ts";

export function pageHeader(parts: {
  title: string;
  back?: { href: string; text: string };
  aside?: HtmlValue;
}): Html {
  return html`<header class="page-header">
    ${
      parts.back &&
      html`<a class="back" href="${parts.back.href}"
        ><span aria-hidden="true">←</span><span class="sr-only">${parts.back.text}</span></a
      >`
    }
    <h1>${parts.title}</h1>
    ${parts.aside}
  </header>`;
}

export function card(parts: { title?: string; body: HtmlValue; id?: string }): Html {
  return html`<section class="card" id="${parts.id}">
    ${parts.title !== undefined && html`<h2>${parts.title}</h2>`} ${parts.body}
  </section>`;
}

/** A part of the page that the browser keeps up to date; with `log` it reports added and removed items. */
export function live(name: string, body: HtmlValue, options: { log?: boolean } = {}): Html {
  return html`<div data-live="${name}" data-log="${options.log === true && "true"}">${body}</div>`;
}

export function tagList(tags: readonly string[]): Html {
  return html`<ul class="tags">
    ${tags.map((tag) => html`<li class="tag" data-item="${tag}">${tag}</li>`)}
  </ul>`;
}

export type Column<T> = { title: string; cell: (row: T) => HtmlValue; numeric?: boolean };

/** On a phone each row becomes a block whose cells carry their column's title. */
export function table<T>(caption: string, columns: readonly Column<T>[], rows: readonly T[]): Html {
  const kind = (column: Column<T>) => column.numeric === true && "numeric";
  return html`<div class="table-wrap">
    <table>
      <caption class="sr-only">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" class="${kind(column)}">${column.title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map(
                (column) =>
                  html`<td class="${kind(column)}" data-label="${column.title}">
                    ${column.cell(row)}
                  </td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function emptyState(title: string, hint?: string): Html {
  return html`<div class="empty">
    <p class="strong">${title}</p>
    ${hint !== undefined && html`<p>${hint}</p>`}
  </div>`;
}

export function paymentBadge({ t }: Visit, order: SimOrder): Html {
  const status = order.financialStatus;
  return html`<span class="badge ${status.toLowerCase()}">${t(`status.${status}`)}</span>
    ${order.cancelledAt !== null && html`<span class="badge cancelled">${t("orders.cancelled")}</span>`}
    ${order.test && html`<span class="badge">${t("orders.test")}</span>`}`;
}

export function customerLink(
  { paths, t }: Visit,
  shop: SimShop,
  customerId: string | null,
): HtmlValue {
  if (customerId === null) return html`<span class="muted">${t("orders.guest")}</span>`;
  const customer = shop.customers.get(customerId);
  return html`<a href="${paths.customer(customerId)}"
    >${customer ? customerName(customer) : `#${customerId}`}</a
  >`;
}
