import { Hono } from "hono";
import type { z } from "zod";

import { grantPair, revokeAll, revokePair } from "#simulator/auth/tokens.ts";
import { dayMs } from "#simulator/clock.ts";
import { bodies } from "#simulator/control/bodies.ts";
import { faultBody } from "#simulator/control/fault-body.ts";
import { stateView } from "#simulator/control/state-view.ts";
import { createCustomer } from "#simulator/customer-changes.ts";
import { json, readJsonObject } from "#simulator/http/answers.ts";
import { minorDigits } from "#simulator/money.ts";
import { shopActions } from "#simulator/shop-actions.ts";
import { copyShop } from "#simulator/shop-copy.ts";
import type { SimShop, Store } from "#simulator/state.ts";
import { appScopesUpdated, appUninstalled, shopUpdated } from "#simulator/webhooks/app-events.ts";
import {
  customerRedacted,
  dataRequested,
  shopRedacted,
} from "#simulator/webhooks/privacy-events.ts";

type ControlOptions = {
  store: Store;
  /** Rebuilds every shop as it was at the start. */
  reset: () => Promise<void>;
};

/** A request the control plane cannot follow; answered 422 with the reason. */
class Refused extends Error {}

/** Adds a route whose body names a shop; `run` gets that shop, the rest of the body and `:id`. */
type PostInShop = <Body extends { shop: string }>(
  path: string,
  schema: z.ZodType<Body>,
  run: (shop: SimShop, body: Omit<Body, "shop">, id: string) => unknown,
) => void;

/** The control plane for tests and demos, under `/__simulator/`: JSON in and out. */
export function controlPlane(options: ControlOptions): Hono {
  const { store } = options;
  const control = new Hono().basePath("/__simulator");
  control.onError((error) => {
    if (error instanceof Refused || error instanceof RangeError)
      return json(422, { error: error.message });
    throw error;
  });
  const post: PostInShop = (path, schema, run) =>
    control.post(path, async (c) => {
      const { shop, ...body } = await readBody(c.req.raw, schema);
      return json(200, await run(findShop(store, shop), body, c.req.param("id") ?? ""));
    });
  orderRoutes(post, store);
  customerRoutes(post, store);
  settingsRoutes(post, store);
  tokenRoutes(post, store);
  shopRoutes(control, store);
  simulationRoutes(control, options);
  return control.all("*", ({ req }) =>
    json(404, { error: `The control plane has no ${req.method} ${req.path}` }),
  );
}

async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse((await readJsonObject(request)) ?? {});
  if (parsed.success) return parsed.data;
  throw new Refused(
    parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
  );
}

function findShop({ shops }: Store, name: string): SimShop {
  const shop = shops.get(name) ?? shops.get(`${name}.myshopify.com`);
  if (shop === undefined) throw new Refused(`No shop ${name}`);
  return shop;
}

function minorUnits({ currency }: SimShop, amount: number): number {
  return Math.round(amount * 10 ** minorDigits(currency));
}

function orderRoutes(post: PostInShop, store: Store): void {
  const actions = shopActions(store);
  post("/orders", bodies.placeOrder, (shop, { amount, ...order }) =>
    actions.placeOrder(shop, { ...order, amountMinor: minorUnits(shop, amount) }),
  );
  post("/orders/:id/refund", bodies.refund, (shop, { amount }, id) =>
    actions.refundOrder(shop, id, amount === undefined ? undefined : minorUnits(shop, amount)),
  );
  post("/orders/:id/cancel", bodies.inShop, (shop, _, id) => actions.cancelOrder(shop, id));
  post("/orders/:id/edit", bodies.edit, (shop, { amount }, id) =>
    actions.editOrder(shop, id, minorUnits(shop, amount)),
  );
  post("/orders/:id/garble", bodies.garble, (shop, { garbled }, id) =>
    actions.garbleOrder(shop, id, garbled),
  );
  post("/orders/:id/delete", bodies.inShop, (shop, _, id) => {
    actions.deleteOrder(shop, id);
    return { deleted: id };
  });
}

function customerRoutes(post: PostInShop, store: Store): void {
  const actions = shopActions(store);
  post("/customers", bodies.newCustomer, (shop, person) => {
    const { id } = createCustomer({ store, shop }, person);
    return { id };
  });
  post("/customers/:id/merge", bodies.merge, (shop, { into }, id) => {
    actions.mergeCustomers(shop, id, into);
    return { kept: into };
  });
  post("/customers/:id/delete", bodies.inShop, (shop, _, id) => {
    actions.deleteCustomer(shop, id);
    return { deleted: id };
  });
  post("/customers/:id/data-request", bodies.privacy, (shop, { orderIds }, customerId) => {
    dataRequested({ store, shop }, { customerId, orderIds });
    return { topic: "customers/data_request" };
  });
  post("/customers/:id/redact", bodies.privacy, (shop, { orderIds }, customerId) => {
    customerRedacted({ store, shop }, { customerId, orderIds });
    return { topic: "customers/redact" };
  });
}

function settingsRoutes(post: PostInShop, store: Store): void {
  const { settings } = store;
  post("/shop", bodies.shop, (shop, facts) => {
    shopUpdated(store, shop, facts);
    return { name: shop.name, currency: shop.currency, timeZone: shop.timeZone };
  });
  post("/segments", bodies.segments, (shop, { forms, lagMilliseconds }) => {
    Object.assign(shop.segmentForms, forms);
    settings.segmentLagMs = lagMilliseconds ?? settings.segmentLagMs;
    return { forms: shop.segmentForms, lagMilliseconds: settings.segmentLagMs };
  });
  post("/uninstall", bodies.inShop, (shop) => {
    appUninstalled(store, shop);
    return { installed: shop.installed };
  });
  post("/webhooks", bodies.webhook, (shop, { topic, body }) => {
    store.publish({ shop, topic, body: () => body });
    return { topic };
  });
}

function tokenRoutes(post: PostInShop, store: Store): void {
  post("/tokens/expire", bodies.inShop, (shop) => {
    const expired = shop.tokens.size;
    shop.tokens.clear();
    return { expired };
  });
  post("/tokens/revoke", bodies.inShop, (shop) => ({ revoked: revokeAll(shop) }));
  post("/tokens/revoke-refresh", bodies.inShop, (shop) => {
    const revoked = shop.refreshTokens.size;
    shop.refreshTokens.clear();
    return { revoked };
  });
  post("/tokens/replace", bodies.inShop, (shop) => {
    const revoked = revokePair(shop);
    grantPair({ store, shop });
    return { revoked };
  });
}

function shopRoutes(control: Hono, store: Store): void {
  control.post("/shops/:handle/redact", ({ req }) => {
    shopRedacted({ store, shop: findShop(store, req.param("handle")) });
    return json(200, { topic: "shop/redact" });
  });
  control.post("/shops/:handle/copy", async ({ req }) => {
    const { as } = await readBody(req.raw, bodies.copy);
    const { domain } = copyShop(store, findShop(store, req.param("handle")), as);
    return json(200, { domain });
  });
}

function simulationRoutes(control: Hono, { store, reset }: ControlOptions): void {
  const { faults, clock } = store;
  control.post("/tokens/rotated", async ({ req }) => {
    const { answer } = await readBody(req.raw, bodies.rotated);
    store.settings.rotatedTokenAnswer = answer;
    return json(200, { answer });
  });
  control.post("/scopes", async ({ req }) => {
    const { scopes } = await readBody(req.raw, bodies.scopes);
    appScopesUpdated(store, scopes);
    return json(200, { scopes });
  });
  control.post("/clock", async ({ req }) => {
    const { advanceDays, advanceSeconds } = await readBody(req.raw, bodies.clock);
    clock.advance(advanceDays * dayMs + advanceSeconds * 1000);
    return json(200, { now: clock.isoNow() });
  });
  control.get("/faults", () => json(200, faults.kinds));
  control.post("/faults", async ({ req }) => {
    const { seed, ...plan } = await readBody(req.raw, faultBody);
    faults.plan(plan, seed);
    return json(200, faults.kinds);
  });
  control.post("/faults/end", () => {
    faults.end();
    return json(200, faults.kinds);
  });
  control.post("/reset", async () => {
    await reset();
    faults.forget();
    return json(200, stateView(store, undefined));
  });
  control.get("/state", ({ req }) => {
    const name = req.query("shop");
    return json(200, stateView(store, name === undefined ? undefined : findShop(store, name)));
  });
}
