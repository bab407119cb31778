import { type Html, html } from "./html.ts";
import type { Visit } from "./visit.ts";

export const pageSize = 50;

export type Paged<T> = { items: T[]; first: number; total: number; page: number; pages: number };

/** The page of `?page=`; beyond the end the last one, for an invalid number the first. */
export function takePage<T>(all: readonly T[], url: URL): Paged<T> {
  const pages = Math.max(1, Math.ceil(all.length / pageSize));
  const asked = Number(url.searchParams.get("page") ?? 1);
  const page = Number.isInteger(asked) ? Math.min(Math.max(1, asked), pages) : 1;
  const first = (page - 1) * pageSize;
  return { items: all.slice(first, first + pageSize), first, total: all.length, page, pages };
}

export function pager({ t, formats, url }: Visit, paged: Paged<unknown>): Html | undefined {
  if (paged.pages === 1) return undefined;
  const link = (page: number, rel: "prev" | "next", text: string) => {
    if (page < 1 || page > paged.pages) return html`<span class="button disabled">${text}</span>`;
    const query = new URLSearchParams(url.searchParams);
    query.set("page", String(page));
    return html`<a class="button" rel="${rel}" href="${`?${query.toString()}`}">${text}</a>`;
  };
  const range = t("pages.range", {
    from: formats.number(paged.first + 1),
    to: formats.number(paged.first + paged.items.length),
    total: formats.number(paged.total),
  });
  return html`<nav class="pager" aria-label="${t("pages.label")}">
    ${link(paged.page - 1, "prev", t("pages.previous"))} <span>${range}</span>
    ${link(paged.page + 1, "next", t("pages.next"))}
  </nav>`;
}
