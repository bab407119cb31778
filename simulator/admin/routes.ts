import { type Context, Hono } from "hono";
import { setCookie } from "hono/cookie";

import type { ShopActions } from "#simulator/shop-actions.ts";
import type { Store } from "#simulator/state.ts";

import { actionRoutes } from "./actions.ts";
import { assetPaths, serveAsset } from "./assets.ts";
import { customerName, customerReference, matchesSearch } from "./customer-facts.ts";
import { html } from "./html.ts";
import { plainDocument, shopDocument } from "./layout.ts";
import { appPage } from "./pages/app.ts";
import { customerPage } from "./pages/customer.ts";
import { customersPage } from "./pages/customers.ts";
import { homePage, shopList } from "./pages/home.ts";
import { ordersPage } from "./pages/orders.ts";
import { segmentPage } from "./pages/segment.ts";
import { segmentsPage } from "./pages/segments.ts";
import { card, pageHeader } from "./parts.ts";
import { htmlResponse, jsonResponse, redirectTo } from "./responses.ts";
import { signIdToken } from "./session-token.ts";
import { createVisit, type View, type Visit, type VisitEnv } from "./visit.ts";
import { chooseLocale, type Locale, translator } from "./words.ts";

export type AdminOptions = {
  store: Store;
  actions: ShopActions;
  /** Real time, for tokens and signatures, which the app checks against its own clock. */
  realNow?: () => Date;
};

/** How many names the order form suggests for what was typed. */
const suggestedNames = 20;

/** The admin frame: `/`, `/store/{handle}/…` and its assets. */
export function adminRoutes(options: AdminOptions): Hono {
  const { store } = options;
  const admin = new Hono({ strict: false });
  for (const path of assetPaths) admin.get(path, () => serveAsset(path));
  admin.get("/", ({ req }) => toOwnOrigin(store, req.raw) ?? frontDoor(store, req.raw));
  return admin.route("/store/:handle", storeRoutes(options));
}

function storeRoutes({ store, actions, realNow = () => new Date() }: AdminOptions): Hono<VisitEnv> {
  const routes = new Hono<VisitEnv>({ strict: false });
  routes.use(async (c, next) => {
    const moved = toOwnOrigin(store, c.req.raw);
    if (moved) return moved;
    const { locale, chosen } = chooseLocale(c.req.raw);
    const handle = c.req.param("handle") ?? "";
    const shop = [...store.shops.values()].find((candidate) => candidate.handle === handle);
    if (!shop) return noShop(handle, locale);
    const url = ownUrl(store, c.req.raw);
    c.set("visit", createVisit({ store, shop, url, locale, realNow: realNow() }));
    await next();
    if (chosen) rememberLocale(c, locale);
    return undefined;
  });
  routes.get("/session-token", ({ var: { visit } }) => {
    const token = signIdToken({ shop: visit.shop, app: store.app, now: visit.realNow });
    return jsonResponse({ token });
  });
  routes.get("/simulation/customers", ({ var: { visit } }) =>
    jsonResponse({ names: suggestedReferences(visit) }),
  );
  actionRoutes(routes, actions);
  pageRoutes(routes, store.app.handle);
  routes.on(["GET", "POST"], "*", ({ var: { visit } }) => showPage(visit, notFound(visit)));
  return routes.all("*", () => notAllowed());
}

function pageRoutes(routes: Hono<VisitEnv>, appHandle: string): void {
  const page = (path: string, view: (visit: Visit, id: string) => View) =>
    routes.get(path, (c) => {
      const { visit } = c.var;
      const content = view(visit, c.req.param("id") ?? "");
      const isScript = c.req.header("accept") === "application/json";
      return isScript ? liveResponse(visit, content) : showPage(visit, content);
    });
  page("/", homePage);
  page("/home", homePage);
  page("/orders", ordersPage);
  page("/customers", customersPage);
  page("/customers/segments", segmentsPage);
  page("/customers/segments/:id", (visit, id) => {
    const segment = visit.shop.segments.get(id);
    return segment
      ? segmentPage(visit, segment)
      : notFound(visit, visit.t("error.noSegment", { id }));
  });
  page("/customers/:id", (visit, id) => {
    const customer = visit.shop.customers.get(id);
    return customer
      ? customerPage(visit, customer)
      : notFound(visit, visit.t("error.noCustomer", { id }));
  });
  page(`/apps/${appHandle}/*`, (visit) =>
    appPage(visit, visit.url.pathname.slice(visit.paths.app.length)),
  );
}

function showPage(visit: Visit, view: View): Response {
  return htmlResponse(shopDocument(visit, view), view.status ?? 200, visit.store.app.url);
}

function notFound(visit: Visit, text = visit.t("error.notFoundText")): View {
  const { t, paths } = visit;
  return {
    title: t("error.notFound"),
    section: "none",
    status: 404,
    body: html`${pageHeader({ title: t("error.notFound") })}
    ${card({
      body: html`<p>${text}</p>
        <p><a class="button" href="${paths.home}">${t("error.back")}</a></p>`,
    })}`,
  };
}

/** The request's URL at the simulator's origin, whatever name of this machine it was sent to. */
function ownUrl({ settings }: Store, request: Request): URL {
  const { pathname, search } = new URL(request.url);
  return new URL(settings.origin + pathname + search);
}

/**
 * The frame and App Bridge trust each other by origin, so a page that was opened under another name of
 * this machine (`localhost` for 127.0.0.1) is redirected to the simulator's origin, which the app was given.
 */
function toOwnOrigin(store: Store, request: Request): Response | undefined {
  const host = request.headers.get("host");
  const url = ownUrl(store, request);
  const isHere = host === null || host === url.host || request.method !== "GET";
  return isHere ? undefined : redirectTo(url.href, 302);
}

function rememberLocale(c: Context, locale: Locale): void {
  setCookie(c, "staff_locale", locale, { path: "/", maxAge: 31_536_000, sameSite: "Lax" });
}

function notAllowed(): Response {
  return new Response(null, { status: 405, headers: { allow: "GET, HEAD, POST" } });
}

function noShop(handle: string, locale: Locale): Response {
  const t = translator(locale);
  const title = t("error.notFound");
  const body = html`${pageHeader({ title })}
  ${card({ body: html`<p>${t("error.noShop", { handle })}</p>` })}`;
  return htmlResponse(plainDocument({ title, locale, body }), 404);
}

function frontDoor(store: Store, request: Request): Response {
  const [only, ...others] = store.shops.values();
  if (only && others.length === 0)
    return redirectTo(`/store/${encodeURIComponent(only.handle)}`, 302);
  const { locale } = chooseLocale(request);
  const t = translator(locale);
  const body = shopList(store, t);
  return htmlResponse(plainDocument({ title: t("shops.title"), locale, body }), 200);
}

/** The response to the browser's polling: the parts that may have changed, and the shop's time. */
function liveResponse({ formats, store }: Visit, view: View): Response {
  const parts = Object.entries(view.live ?? {}).map(([name, part]) => [name, part.toString()]);
  return jsonResponse({
    shopTime: formats.dateTime(store.clock.now()),
    parts: Object.fromEntries(parts),
  });
}

function suggestedReferences({ shop, url }: Visit): string[] {
  const search = url.searchParams.get("q") ?? "";
  const names: string[] = [];
  for (const customer of shop.customers.values()) {
    if (names.length === suggestedNames) break;
    const fits = matchesSearch(customer, search) || customerName(customer) === search;
    if (fits) names.push(customerReference(customer));
  }
  return names;
}
