import type { ShopActions } from "#simulator/shop-actions.ts";
import type { Store } from "#simulator/state.ts";

import { runAction } from "./actions.ts";
import { serveAsset } from "./assets.ts";
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
import { htmlResponse, jsonResponse, redirectTo, withLocaleCookie } from "./responses.ts";
import { signIdToken } from "./session-token.ts";
import { createVisit, type View, type Visit } from "./visit.ts";
import { chooseLocale, translator } from "./words.ts";

export type AdminHandler = (request: Request) => Promise<Response | null>;

export type AdminOptions = {
  store: Store;
  actions: ShopActions;
  /** Real time, for tokens and signatures, which the app checks against its own clock. */
  realNow?: () => Date;
};

/** How many names the order form offers for what was typed. */
const offeredNames = 20;

/** The admin frame: answers what is its own (`/`, `/store/…`, its assets), and null for everything else. */
export function adminRoutes(options: AdminOptions): AdminHandler {
  const { store, actions, realNow = () => new Date() } = options;
  return async (request) => {
    const url = new URL(request.url);
    const asset = await serveAsset(url.pathname);
    if (asset) return asset;
    if (url.pathname === "/") return elsewhere(request) ?? frontDoor(store, request);
    const match = /^\/store\/([^/]+)(\/.*)?$/.exec(url.pathname);
    if (!match) return null;
    const moved = elsewhere(request);
    if (moved) return moved;
    const handle = decodeSegment(match[1] ?? "");
    const path = (match[2] ?? "").replace(/\/+$/, "");
    const { locale, chosen } = chooseLocale(request);
    const shop = [...store.shops.values()].find((candidate) => candidate.handle === handle);
    if (!shop) return noShop(handle, request);
    const visit = createVisit({ store, shop, url, locale, realNow: realNow() });
    if (request.method === "POST") {
      return (await runAction(visit, actions, { request, path })) ?? notFound(visit);
    }
    const response = answer(visit, request, path);
    return chosen ? withLocaleCookie(response, locale) : response;
  };
}

function answer(visit: Visit, request: Request, path: string): Response {
  if (request.method !== "GET" && request.method !== "HEAD") return notAllowed();
  if (path === "/session-token") {
    const { shop, store, realNow } = visit;
    return jsonResponse({ token: signIdToken({ shop, app: store.app, now: realNow }) });
  }
  if (path === "/simulation/customers") return jsonResponse({ names: offeredReferences(visit) });
  const view = findPage(visit, path);
  if (!view) return notFound(visit);
  if (request.headers.get("accept") === "application/json") return liveResponse(visit, view);
  return htmlResponse(shopDocument(visit, view), view.status ?? 200, visit.store.app.url);
}

/** The page at a path within the shop, or undefined where there is none. */
function findPage(visit: Visit, path: string): View | undefined {
  const { shop, store } = visit;
  if (path === "" || path === "/home") return homePage(visit);
  if (path === "/orders") return ordersPage(visit);
  if (path === "/customers") return customersPage(visit);
  if (path === "/customers/segments") return segmentsPage(visit);
  const segmentId = /^\/customers\/segments\/([^/]+)$/.exec(path)?.[1];
  if (segmentId !== undefined) {
    const segment = shop.segments.get(segmentId);
    return segment ? segmentPage(visit, segment) : missing(visit, "error.noSegment", segmentId);
  }
  const customerId = /^\/customers\/([^/]+)$/.exec(path)?.[1];
  if (customerId !== undefined) {
    const customer = shop.customers.get(customerId);
    return customer
      ? customerPage(visit, customer)
      : missing(visit, "error.noCustomer", customerId);
  }
  const app = /^\/apps\/([^/]+)(\/.*)?$/.exec(path);
  return app?.[1] === store.app.handle ? appPage(visit, app[2] ?? "") : undefined;
}

function missing(
  visit: Visit,
  word: "error.noCustomer" | "error.noSegment" | "error.notFoundText",
  id = "",
): View {
  const { t, paths } = visit;
  return {
    title: t("error.notFound"),
    section: "none",
    status: 404,
    body: html`${pageHeader({ title: t("error.notFound") })}
    ${card({
      body: html`<p>${t(word, { id: decodeSegment(id) })}</p>
        <p><a class="button" href="${paths.home}">${t("error.back")}</a></p>`,
    })}`,
  };
}

/**
 * The frame and App Bridge trust each other by origin, so a page that was opened under another name of
 * this machine (`localhost` for 127.0.0.1) is opened again under the one the app was told.
 */
function elsewhere(request: Request): Response | undefined {
  const host = request.headers.get("host");
  const url = new URL(request.url);
  const isHere = host === null || host === url.host || request.method !== "GET";
  return isHere ? undefined : redirectTo(url.href, 302);
}

function notFound(visit: Visit): Response {
  const view = missing(visit, "error.notFoundText");
  return htmlResponse(shopDocument(visit, view), 404, visit.store.app.url);
}

function notAllowed(): Response {
  return new Response(null, { status: 405, headers: { allow: "GET, HEAD, POST" } });
}

function noShop(handle: string, request: Request): Response {
  const { locale } = chooseLocale(request);
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

/** What the browser asks for again: the parts that may have changed, and the time in the shop. */
function liveResponse({ formats, store }: Visit, view: View): Response {
  const parts = Object.entries(view.live ?? {}).map(([name, part]) => [name, part.toString()]);
  return jsonResponse({
    shopTime: formats.dateTime(store.clock.now()),
    parts: Object.fromEntries(parts),
  });
}

function offeredReferences({ shop, url }: Visit): string[] {
  const search = url.searchParams.get("q") ?? "";
  const names: string[] = [];
  for (const customer of shop.customers.values()) {
    if (names.length === offeredNames) break;
    const fits = matchesSearch(customer, search) || customerName(customer) === search;
    if (fits) names.push(customerReference(customer));
  }
  return names;
}

function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
