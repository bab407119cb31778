import type { SimSegment } from "#simulator/state.ts";

import { type Html, html } from "../html.ts";
import { pager, takePage } from "../paging.ts";
import { card, emptyState, live, pageHeader, table } from "../parts.ts";
import { readMembers } from "../segment-members.ts";
import type { View, Visit } from "../visit.ts";
import { customerColumns } from "./customers.ts";

/** One segment: its query and its current members. */
export function segmentPage(visit: Visit, segment: SimSegment): View {
  const { shop, t, url, formats, paths, store } = visit;
  const members = readMembers(shop, segment.query, store.clock.now());
  const customers = members.kind === "members" ? members.customers : [];
  const paged = takePage(customers, url);
  const plural = new Intl.PluralRules(visit.locale).select(customers.length) === "one";
  const count = t(plural ? "segment.members_one" : "segment.members_other", {
    count: formats.number(customers.length),
  });
  const share = formats.percent(customers.length / Math.max(1, shop.customers.size));
  const parts = {
    count:
      members.kind === "members"
        ? html`<p class="figure" data-member-count="${customers.length}">${count}</p>
            <p class="muted">${t("segment.share", { share })}</p>`
        : html`<p class="problem">${t("segment.invalid", { message: members.message })}</p>`,
    list:
      customers.length === 0
        ? emptyState(t("segment.noMembers"))
        : table(segment.name, customerColumns(visit), paged.items),
  };
  return {
    title: segment.name,
    section: "segments",
    live: parts,
    body: html`${pageHeader({
        title: segment.name,
        back: { href: paths.segments, text: t("segments.title") },
        aside: deletion(visit, segment),
      })}
      ${card({
        title: t("segment.query"),
        body: html`<pre class="query"><code>${segment.query}</code></pre>
          ${live("count", parts.count)}
          <p class="muted">
            ${t("segment.created", { date: formats.dateTime(segment.creationDate) })}
          </p>`,
      })}
      <section class="card flush">${live("list", parts.list)} ${pager(visit, paged)}</section>`,
  };
}

function deletion({ t, paths }: Visit, segment: SimSegment): Html {
  return html`<details class="confirm">
    <summary class="button">${t("segment.delete")}</summary>
    <form method="post" action="${paths.deleteSegment(segment.id)}">
      <p>${t("segment.deleteSure", { name: segment.name })}</p>
      <button class="button critical">${t("segment.deleteYes")}</button>
    </form>
  </details>`;
}
