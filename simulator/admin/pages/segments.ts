import { html } from "../html.ts";
import { pager, takePage } from "../paging.ts";
import { emptyState, live, pageHeader, table } from "../parts.ts";
import { readMembers } from "../segment-members.ts";
import type { View, Visit } from "../visit.ts";

/** All segments, most recently edited first. */
export function segmentsPage(visit: Visit): View {
  const { shop, t, url, formats, paths, store } = visit;
  const segments = [...shop.segments.values()].sort((a, b) =>
    a.lastEditDate < b.lastEditDate ? 1 : -1,
  );
  const paged = takePage(segments, url);
  const now = store.clock.now();
  const list =
    segments.length === 0
      ? emptyState(t("segments.empty"), t("segments.emptyHint", { app: store.app.title }))
      : table(
          t("segments.title"),
          [
            {
              title: t("column.segment"),
              cell: (segment) =>
                html`<a class="strong" href="${paths.segment(segment.id)}">${segment.name}</a>`,
            },
            { title: t("column.query"), cell: (segment) => html`<code>${segment.query}</code>` },
            {
              title: t("column.members"),
              numeric: true,
              cell: (segment) => {
                const members = readMembers(shop, segment.query, now);
                return members.kind === "members" ? formats.number(members.customers.length) : "–";
              },
            },
            { title: t("column.edited"), cell: (segment) => formats.date(segment.lastEditDate) },
          ],
          paged.items,
        );
  return {
    title: t("segments.title"),
    section: "segments",
    live: { list },
    liveSeconds: 10,
    body: html`${pageHeader({
        title: t("segments.title"),
        back: { href: paths.customers, text: t("customers.title") },
        aside: html`<a class="button" href="${paths.app}">
          ${t("home.open", { app: store.app.title })}
        </a>`,
      })}
      <section class="card flush">${live("list", list)} ${pager(visit, paged)}</section>`,
  };
}
