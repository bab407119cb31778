import type { Store } from "#simulator/state.ts";

import { type Html, html } from "../html.ts";
import { card, live, pageHeader } from "../parts.ts";
import { adminPaths } from "../paths.ts";
import type { View, Visit } from "../visit.ts";
import type { Translate } from "../words.ts";

/** Introduction, the shop's figures, and what to try. */
export function homePage(visit: Visit): View {
  const { shop, t, formats, paths, store } = visit;
  const app = store.app.title;
  const title = t("home.title", { shop: shop.name });
  const data = shopFigures(visit);
  return {
    title,
    section: "home",
    live: { data },
    body: html`${pageHeader({ title })}
      <div class="two-columns">
        <div>
          ${card({
            title: t("home.about"),
            body: html`<p>${t("home.aboutText", { app })}</p>
              <p><a class="button primary" href="${paths.app}">${t("home.open", { app })}</a></p>`,
          })}
          ${card({
            title: t("home.try"),
            body: html`<ol class="steps">
              <li>${t("home.try1", { app })}</li>
              <li>${t("home.try2")}</li>
              <li>${t("home.try3", { app })}</li>
            </ol>`,
          })}
        </div>
        <div>
          ${card({
            title: t("home.data"),
            body: live("data", data),
          })}
          ${
            shop.notes.length > 0 &&
            card({
              title: t("home.notes"),
              body: html`<ul class="notes" lang="en">
                ${shop.notes.map(
                  (note) =>
                    html`<li>${note.label}: <strong>${formats.number(note.count)}</strong></li>`,
                )}
              </ul>`,
            })
          }
        </div>
      </div>`,
  };
}

function shopFigures(visit: Visit): Html {
  const { shop, t, formats, paths } = visit;
  return html`<dl class="facts stacked">
      <div>
        <dt><a href="${paths.customers}">${t("nav.customers")}</a></dt>
        <dd>${formats.number(shop.customers.size)}</dd>
      </div>
      <div>
        <dt><a href="${paths.orders}">${t("nav.orders")}</a></dt>
        <dd>${formats.number(shop.orders.size)}</dd>
      </div>
      <div>
        <dt><a href="${paths.segments}">${t("nav.segments")}</a></dt>
        <dd>${formats.number(shop.segments.size)}</dd>
      </div>
    </dl>
    <p class="muted">${orderSpan(visit)}</p>`;
}

function orderSpan({ shop, t, formats }: Visit): string {
  let from: string | undefined;
  let to: string | undefined;
  for (const { processedAt } of shop.orders.values()) {
    if (from === undefined || processedAt < from) from = processedAt;
    if (to === undefined || processedAt > to) to = processedAt;
  }
  if (from === undefined || to === undefined) return t("home.noOrders");
  return t("home.span", { from: formats.date(from), to: formats.date(to) });
}

/** The start page, unless there is exactly one shop. */
export function shopList(store: Store, t: Translate): Html {
  const shops = [...store.shops.values()];
  const list =
    shops.length === 0
      ? html`<p>${t("shops.empty")}</p>`
      : html`<ul class="shops">
          ${shops.map(
            (shop) =>
              html`<li>
                <a href="${adminPaths(shop.handle, store.app.handle).home}">${shop.name}</a>
                <span class="muted">${shop.domain}</span>
              </li>`,
          )}
        </ul>`;
  return html`${pageHeader({ title: t("shops.title") })} ${card({ body: list })}`;
}
