import { dayMs } from "#simulator/clock.ts";
import { minorDigits } from "#simulator/money.ts";
import type { ShopActions } from "#simulator/shop-actions.ts";
import type { SimCustomer } from "#simulator/state.ts";

import { customerName, findByReference, latestOrders } from "./customer-facts.ts";
import { html } from "./html.ts";
import { shopDocument } from "./layout.ts";
import { card, pageHeader } from "./parts.ts";
import { htmlResponse, jsonResponse, redirectTo } from "./responses.ts";
import { watch } from "./simulation-panel.ts";
import type { Visit } from "./visit.ts";

/** What a button did, in words for the staff member. */
type Outcome =
  | { kind: "done"; message: string; link?: { href: string; text: string }; next?: string }
  | { kind: "refused"; message: string };

/** Days that may pass at one press. */
const longestWaitDays = 366;

/**
 * Runs the form that was posted to `path`; null when no form posts there. A script gets
 * `{ message, link?, shopTime }` (422 when refused), a plain form is sent back to the page it came from.
 */
export async function runAction(
  visit: Visit,
  actions: ShopActions,
  posted: { request: Request; path: string },
): Promise<Response | null> {
  const { request, path } = posted;
  const act = findAction(path);
  if (!act) return null;
  if (isForeign(request))
    return refuse(visit, request, { message: visit.t("error.foreign"), status: 403 });
  const form = new URLSearchParams(await request.text());
  const outcome = act(visit, actions, form);
  if (outcome.kind === "refused")
    return refuse(visit, request, { message: outcome.message, status: 422 });
  if (wantsJson(request)) {
    const shopTime = visit.formats.dateTime(visit.store.clock.now());
    return jsonResponse({ message: outcome.message, link: outcome.link, shopTime });
  }
  return redirectTo(outcome.next ?? returnPath(visit, form), 303);
}

type Action = (visit: Visit, actions: ShopActions, form: URLSearchParams) => Outcome;

function findAction(path: string): Action | undefined {
  if (path === "/simulation/orders") return placeOrder;
  if (path === "/simulation/refunds") return refundLast;
  if (path === "/simulation/clock") return passTime;
  const segmentId = /^\/customers\/segments\/([^/]+)\/delete$/.exec(path)?.[1];
  return segmentId === undefined
    ? undefined
    : (visit, actions) => deleteSegment(visit, actions, segmentId);
}

function placeOrder(visit: Visit, actions: ShopActions, form: URLSearchParams): Outcome {
  const { shop, t, formats } = visit;
  const customer = findCustomer(visit, form);
  if (!customer) return unknownCustomer(visit, form);
  const amountMinor = readAmount(form.get("amount") ?? "", shop.currency);
  if (amountMinor === null)
    return {
      kind: "refused",
      message: t("simulation.badAmount", { example: formats.amount(2500) }),
    };
  const order = actions.placeOrder(shop, { customerId: customer.id, amountMinor });
  const message = t("simulation.placed", {
    order: order.name,
    amount: formats.money(order.originalTotalMinor),
    customer: customerName(customer),
    watch: watch(visit),
  });
  return { kind: "done", message, link: customerPageLink(visit, customer) };
}

function refundLast(visit: Visit, actions: ShopActions, form: URLSearchParams): Outcome {
  const { shop, t, formats } = visit;
  const customer = findCustomer(visit, form);
  if (!customer) return unknownCustomer(visit, form);
  const name = customerName(customer);
  const last = latestOrders(shop, customer.id).find(
    (order) => order.cancelledAt === null && order.currentTotalMinor > 0,
  );
  if (!last) {
    return { kind: "refused", message: t("simulation.nothingToRefund", { customer: name }) };
  }
  const amount = formats.money(last.currentTotalMinor);
  actions.refundOrder(shop, last.id);
  const message = t("simulation.refunded", {
    order: last.name,
    amount,
    customer: name,
    watch: watch(visit),
  });
  return { kind: "done", message, link: customerPageLink(visit, customer) };
}

function passTime({ store, t, formats }: Visit, _: ShopActions, form: URLSearchParams): Outcome {
  const days = Number(form.get("days"));
  const fits = Number.isInteger(days) && days > 0 && days <= longestWaitDays;
  store.clock.advance((fits ? days : 7) * dayMs);
  const date = formats.dateTime(store.clock.now());
  return { kind: "done", message: t("simulation.passed", { date, app: store.app.title }) };
}

function deleteSegment({ shop, t, paths }: Visit, actions: ShopActions, id: string): Outcome {
  if (!shop.segments.has(id)) {
    return { kind: "refused", message: t("error.noSegment", { id }) };
  }
  actions.deleteSegment(shop, id);
  return { kind: "done", message: t("segment.delete"), next: paths.segments };
}

function findCustomer({ shop }: Visit, form: URLSearchParams): SimCustomer | undefined {
  return findByReference(shop, form.get("customer") ?? "");
}

function unknownCustomer({ t }: Visit, form: URLSearchParams): Outcome {
  const name = form.get("customer") ?? "";
  return { kind: "refused", message: t("simulation.noCustomer", { name }) };
}

function customerPageLink({ paths, t }: Visit, customer: SimCustomer) {
  return { href: paths.customer(customer.id), text: t("simulation.see") };
}

/** Minor units of an amount typed with a point or a comma; null when it is no amount above zero. */
export function readAmount(text: string, currency: string): number | null {
  const plain = text.trim().replace(",", ".");
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(plain)) return null;
  const minor = Math.round(Number(plain) * 10 ** minorDigits(currency));
  return minor > 0 ? minor : null;
}

/** Browsers name the page a form was sent from; one of another origin may not act here. */
function isForeign(request: Request): boolean {
  const origin = request.headers.get("origin");
  return origin !== null && origin !== new URL(request.url).origin;
}

function wantsJson(request: Request): boolean {
  return request.headers.get("accept") === "application/json";
}

function returnPath({ url, paths }: Visit, form: URLSearchParams): string {
  const target = new URL(form.get("return") ?? paths.home, url);
  return target.origin === url.origin ? target.pathname + target.search : paths.home;
}

function refuse(
  visit: Visit,
  request: Request,
  refusal: { message: string; status: number },
): Response {
  const { message, status } = refusal;
  if (wantsJson(request)) return jsonResponse({ message }, status);
  const title = visit.t("simulation.title");
  const body = html`${pageHeader({ title })} ${card({ body: html`<p role="alert">${message}</p>` })}`;
  return htmlResponse(
    shopDocument(visit, { title, section: "none", body }),
    status,
    visit.store.app.url,
  );
}
