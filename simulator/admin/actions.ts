import type { Hono } from "hono";
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
import type { Visit, VisitEnv } from "./visit.ts";

/** The result of a button, as a message for the staff member. */
type Outcome =
  | { kind: "done"; message: string; link?: { href: string; text: string }; next?: string }
  | { kind: "refused"; message: string };

/** Maximum number of days that one click can advance. */
const longestWaitDays = 366;

type Submission = { visit: Visit; actions: ShopActions; form: URLSearchParams };

/**
 * Adds the forms of the frame. A script gets `{ message, link?, shopTime }` (422 when refused), a plain
 * form is sent back to the page it came from.
 */
export function actionRoutes(routes: Hono<VisitEnv>, actions: ShopActions): void {
  const action = (path: string, act: (submission: Submission, id: string) => Outcome) =>
    routes.post(path, async ({ var: { visit }, req }) => {
      if (isForeign(visit, req.raw))
        return refuse(visit, req.raw, { message: visit.t("error.foreign"), status: 403 });
      const form = new URLSearchParams(await req.text());
      const outcome = act({ visit, actions, form }, req.param("id") ?? "");
      if (outcome.kind === "refused")
        return refuse(visit, req.raw, { message: outcome.message, status: 422 });
      if (!wantsJson(req.raw)) return redirectTo(outcome.next ?? returnPath(visit, form), 303);
      const shopTime = visit.formats.dateTime(visit.store.clock.now());
      return jsonResponse({ message: outcome.message, link: outcome.link, shopTime });
    });
  action("/simulation/orders", placeOrder);
  action("/simulation/refunds", refundLast);
  action("/simulation/clock", passTime);
  action("/customers/segments/:id/delete", deleteSegment);
}

function placeOrder({ visit, actions, form }: Submission): Outcome {
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

function refundLast({ visit, actions, form }: Submission): Outcome {
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

function passTime({ visit: { store, t, formats }, form }: Submission): Outcome {
  const days = Number(form.get("days"));
  const fits = Number.isInteger(days) && days > 0 && days <= longestWaitDays;
  store.clock.advance((fits ? days : 7) * dayMs);
  const date = formats.dateTime(store.clock.now());
  return { kind: "done", message: t("simulation.passed", { date, app: store.app.title }) };
}

function deleteSegment({ visit, actions }: Submission, id: string): Outcome {
  const { shop, t, paths } = visit;
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

/** Browsers send the origin of a form's page; forms of another origin are refused. */
function isForeign({ url }: Visit, request: Request): boolean {
  const origin = request.headers.get("origin");
  return origin !== null && origin !== url.origin;
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
