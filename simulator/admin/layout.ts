import { type Html, html } from "./html.ts";
import { icons } from "./icons.ts";
import { simulationPanel } from "./simulation-panel.ts";
import type { Section, View, Visit } from "./visit.ts";
import { type Locale, localeNames, locales, type Translate, translator } from "./words.ts";

/** The whole document of a page within a shop. */
export function shopDocument(visit: Visit, view: View): Html {
  const { shop, t, paths } = visit;
  const body = html`<a class="skip" href="#main">${t("simulator.skip")}</a>
    <header class="topbar">
      <button class="menu-button" type="button" aria-expanded="false" aria-controls="sidebar">
        ${icons.menu}<span class="sr-only">${t("nav.menu")}</span>
      </button>
      <a class="brand" href="${paths.home}">${icons.mark}<span>${t("simulator.name")}</span></a>
      <form class="search" role="search" action="${paths.customers}" method="get">
        <label class="sr-only" for="search">${t("search.label")}</label>
        ${icons.search}
        <input
          id="search"
          type="search"
          name="q"
          placeholder="${t("search.placeholder")}"
          value="${view.section === "customers" && visit.url.searchParams.get("q")}"
        />
        <button class="sr-only">${t("search.button")}</button>
      </form>
      ${languageSwitch(visit)}
      <span class="shop-name"
        ><span class="avatar" aria-hidden="true">${shop.name.slice(0, 1)}</span>${shop.name}</span
      >
      <div class="savebar" id="savebar" role="group" aria-label="${t("savebar.label")}" hidden>
        <strong>${t("savebar.label")}</strong>
        <button type="button" class="button dark" data-savebar="discard">
          ${t("savebar.discard")}
        </button>
        <button type="button" class="button light" data-savebar="save">${t("savebar.save")}</button>
      </div>
    </header>
    ${banner(t)}
    <div class="columns">
      <div class="sidebar" id="sidebar">
        ${navigation(visit, view.section)} ${simulationPanel(visit, view.customerId)}
      </div>
      <main id="main" class="${view.section === "app" ? "content app" : "content"}" tabindex="-1">
        ${view.body}
      </main>
    </div>
    <div
      class="toasts"
      id="toasts"
      role="status"
      aria-live="polite"
      data-dismiss="${t("toast.dismiss")}"
    ></div>`;
  return documentOf({
    title: `${view.title} · ${shop.name} · ${t("simulator.name")}`,
    locale: visit.locale,
    body,
    live: view,
    section: view.section,
  });
}

/** A document outside any shop: the list of shops, or the error for an unknown shop. */
export function plainDocument(page: { title: string; locale: Locale; body: Html }): Html {
  const t = translator(page.locale);
  const body = html`<header class="topbar">
      <a class="brand" href="/">${icons.mark}<span>${t("simulator.name")}</span></a>
    </header>
    ${banner(t)}
    <main id="main" class="content alone">${page.body}</main>`;
  return documentOf({ title: `${page.title} · ${t("simulator.name")}`, locale: page.locale, body });
}

function banner(t: Translate): Html {
  return html`<aside class="banner" aria-label="${t("simulation.title")}">
    ${icons.simulation}<span>${t("simulator.banner")}</span>
  </aside>`;
}

type DocumentParts = {
  title: string;
  locale: Locale;
  body: Html;
  section?: Section;
  live?: Pick<View, "live" | "liveSeconds">;
};

function documentOf(parts: DocumentParts): Html {
  const seconds = parts.live?.live === undefined ? undefined : (parts.live.liveSeconds ?? 5);
  return html`<!doctype html>
    <html lang="${parts.locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${parts.title}</title>
        <link rel="icon" href="/admin-assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/admin-assets/frame.css" />
        <script type="module" src="/admin-assets/frame.js"></script>
      </head>
      <body class="${parts.section}" data-live-seconds="${seconds}">
        ${parts.body}
      </body>
    </html>`;
}

function languageSwitch({ t, locale, url }: Visit): Html {
  const links = locales.map((other) => {
    const query = new URLSearchParams(url.searchParams);
    query.set("locale", other);
    return html`<a
      href="${`${url.pathname}?${query.toString()}`}"
      data-locale="${other}"
      lang="${other}"
      hreflang="${other}"
      title="${localeNames[other]}"
      aria-current="${other === locale ? "true" : "false"}"
      ><span class="sr-only">${localeNames[other]}</span
      ><span aria-hidden="true">${other.toUpperCase()}</span></a
    >`;
  });
  return html`<nav class="languages" aria-label="${t("language.label")}">${links}</nav>`;
}

function navigation({ t, paths, store }: Visit, section: Section): Html {
  const link = (item: { to: Section; href: string; text: string; icon?: Html }) =>
    html`<a href="${item.href}" aria-current="${section === item.to ? "page" : "false"}"
      >${item.icon}<span>${item.text}</span></a
    >`;
  return html`<nav class="navigation" aria-label="${t("nav.label")}">
    <ul>
      <li>${link({ to: "home", href: paths.home, text: t("nav.home"), icon: icons.home })}</li>
      <li>
        ${link({ to: "orders", href: paths.orders, text: t("nav.orders"), icon: icons.orders })}
      </li>
      <li>
        ${link({ to: "customers", href: paths.customers, text: t("nav.customers"), icon: icons.customers })}
        <ul>
          <li>${link({ to: "segments", href: paths.segments, text: t("nav.segments") })}</li>
        </ul>
      </li>
    </ul>
    <h2 class="nav-heading">${t("nav.apps")}</h2>
    <ul>
      <li>
        ${link({ to: "app", href: paths.app, text: store.app.title, icon: icons.apps })}
        <ul id="app-nav"></ul>
      </li>
    </ul>
  </nav>`;
}
