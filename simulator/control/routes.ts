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

const prefix = "/__simulator/";

type ControlOptions = {
  store: Store;
  /** Opens every shop anew, as at the start. */
  reset: () => Promise<void>;
};

/** A request the control plane cannot follow; answered 422 with the reason. */
class Refused extends Error {}

type Call = { options: ControlOptions; request: Request; id: string };

type Route = { method: string; path: RegExp; run: (call: Call) => Promise<unknown> };

/** The way in for tests and demos: `/__simulator/…`, JSON in and out; null for any other path. */
export async function controlPlane(
  options: ControlOptions,
  request: Request,
): Promise<Response | null> {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith(prefix)) return null;
  const path = pathname.slice(prefix.length);
  for (const route of routes) {
    const match = route.path.exec(path);
    if (match === null || route.method !== request.method) continue;
    try {
      return json(200, await route.run({ options, request, id: match[1] ?? "" }));
    } catch (error) {
      if (error instanceof Refused || error instanceof RangeError)
        return json(422, { error: error.message });
      throw error;
    }
  }
  return json(404, { error: `The control plane has no ${request.method} ${pathname}` });
}

async function read<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse((await readJsonObject(request)) ?? {});
  if (parsed.success) return parsed.data;
  throw new Refused(
    parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
  );
}

function findShop({ store }: ControlOptions, name: string): SimShop {
  const shop = store.shops.get(name) ?? store.shops.get(`${name}.myshopify.com`);
  if (shop === undefined) throw new Refused(`No shop ${name}`);
  return shop;
}

function minor(shop: SimShop, amount: number): number {
  return Math.round(amount * 10 ** minorDigits(shop.currency));
}

const post = (path: RegExp, run: Route["run"]): Route => ({ method: "POST", path, run });

const orderRoutes: Route[] = [
  post(/^orders$/, async ({ options, request }) => {
    const { shop: name, amount, ...order } = await read(request, bodies.placeOrder);
    const shop = findShop(options, name);
    const amountMinor = minor(shop, amount);
    return shopActions(options.store).placeOrder(shop, { ...order, amountMinor });
  }),
  post(/^orders\/(\d+)\/refund$/, async ({ options, request, id }) => {
    const { shop: name, amount } = await read(request, bodies.refund);
    const shop = findShop(options, name);
    const amountMinor = amount === undefined ? undefined : minor(shop, amount);
    return shopActions(options.store).refundOrder(shop, id, amountMinor);
  }),
  post(/^orders\/(\d+)\/cancel$/, async ({ options, request, id }) => {
    const { shop } = await read(request, bodies.inShop);
    return shopActions(options.store).cancelOrder(findShop(options, shop), id);
  }),
  post(/^orders\/(\d+)\/edit$/, async ({ options, request, id }) => {
    const { shop: name, amount } = await read(request, bodies.edit);
    const shop = findShop(options, name);
    return shopActions(options.store).editOrder(shop, id, minor(shop, amount));
  }),
  post(/^orders\/(\d+)\/garble$/, async ({ options, request, id }) => {
    const { shop, garbled } = await read(request, bodies.garble);
    return shopActions(options.store).garbleOrder(findShop(options, shop), id, garbled);
  }),
  post(/^orders\/(\d+)\/delete$/, async ({ options, request, id }) => {
    const { shop } = await read(request, bodies.inShop);
    shopActions(options.store).deleteOrder(findShop(options, shop), id);
    return { deleted: id };
  }),
  post(/^customers\/(\d+)\/merge$/, async ({ options, request, id }) => {
    const { shop, into } = await read(request, bodies.merge);
    shopActions(options.store).mergeCustomers(findShop(options, shop), id, into);
    return { kept: into };
  }),
  post(/^customers\/(\d+)\/delete$/, async ({ options, request, id }) => {
    const { shop } = await read(request, bodies.inShop);
    shopActions(options.store).deleteCustomer(findShop(options, shop), id);
    return { deleted: id };
  }),
];

const shopRoutes: Route[] = [
  post(/^customers$/, async ({ options, request }) => {
    const { shop: name, ...person } = await read(request, bodies.newCustomer);
    const { id } = createCustomer({ store: options.store, shop: findShop(options, name) }, person);
    return { id };
  }),
  post(/^customers\/(\d+)\/data-request$/, async ({ options, request, id: customerId }) => {
    const { shop: name, orderIds } = await read(request, bodies.privacy);
    dataRequested(
      { store: options.store, shop: findShop(options, name) },
      { customerId, orderIds },
    );
    return { topic: "customers/data_request" };
  }),
  post(/^customers\/(\d+)\/redact$/, async ({ options, request, id: customerId }) => {
    const { shop: name, orderIds } = await read(request, bodies.privacy);
    customerRedacted(
      { store: options.store, shop: findShop(options, name) },
      { customerId, orderIds },
    );
    return { topic: "customers/redact" };
  }),
  post(/^shops\/([\w-]+)\/redact$/, ({ options, id }) => {
    shopRedacted({ store: options.store, shop: findShop(options, id) });
    return Promise.resolve({ topic: "shop/redact" });
  }),
  post(/^shops\/([\w-]+)\/copy$/, async ({ options, request, id }) => {
    const { as } = await read(request, bodies.copy);
    const { domain } = copyShop(options.store, findShop(options, id), as);
    return { domain };
  }),
];

const appRoutes: Route[] = [
  post(/^scopes$/, async ({ options, request }) => {
    const { scopes } = await read(request, bodies.scopes);
    appScopesUpdated(options.store, scopes);
    return { scopes };
  }),
  post(/^shop$/, async ({ options, request }) => {
    const { shop: name, ...facts } = await read(request, bodies.shop);
    const shop = findShop(options, name);
    shopUpdated(options.store, shop, facts);
    return { name: shop.name, currency: shop.currency, timeZone: shop.timeZone };
  }),
  post(/^segments$/, async ({ options, request }) => {
    const { shop: name, forms, lagMilliseconds } = await read(request, bodies.segments);
    const shop = findShop(options, name);
    const { settings } = options.store;
    Object.assign(shop.segmentForms, forms);
    settings.segmentLagMs = lagMilliseconds ?? settings.segmentLagMs;
    return { forms: shop.segmentForms, lagMilliseconds: settings.segmentLagMs };
  }),
  post(/^uninstall$/, async ({ options, request }) => {
    const shop = findShop(options, (await read(request, bodies.inShop)).shop);
    appUninstalled(options.store, shop);
    return { installed: shop.installed };
  }),
  post(/^webhooks$/, async ({ options, request }) => {
    const { shop: name, topic, body } = await read(request, bodies.webhook);
    options.store.publish({ shop: findShop(options, name), topic, body: () => body });
    return { topic };
  }),
];

const tokenRoutes: Route[] = [
  post(/^tokens\/expire$/, async ({ options, request }) => {
    const shop = findShop(options, (await read(request, bodies.inShop)).shop);
    const expired = shop.tokens.size;
    shop.tokens.clear();
    return { expired };
  }),
  post(/^tokens\/revoke$/, async ({ options, request }) => {
    return { revoked: revokeAll(findShop(options, (await read(request, bodies.inShop)).shop)) };
  }),
  post(/^tokens\/revoke-refresh$/, async ({ options, request }) => {
    const shop = findShop(options, (await read(request, bodies.inShop)).shop);
    const revoked = shop.refreshTokens.size;
    shop.refreshTokens.clear();
    return { revoked };
  }),
  post(/^tokens\/replace$/, async ({ options, request }) => {
    const shop = findShop(options, (await read(request, bodies.inShop)).shop);
    const revoked = revokePair(shop);
    grantPair({ store: options.store, shop });
    return { revoked };
  }),
  post(/^tokens\/rotated$/, async ({ options, request }) => {
    const { answer } = await read(request, bodies.rotated);
    options.store.settings.rotatedTokenAnswer = answer;
    return { answer };
  }),
];

const simulationRoutes: Route[] = [
  post(/^clock$/, async ({ options, request }) => {
    const { advanceDays, advanceSeconds } = await read(request, bodies.clock);
    options.store.clock.advance(advanceDays * dayMs + advanceSeconds * 1000);
    return { now: options.store.clock.isoNow() };
  }),
  post(/^faults$/, async ({ options, request }) => {
    const { seed, ...plan } = await read(request, faultBody);
    options.store.faults.plan(plan, seed);
    return options.store.faults.kinds;
  }),
  post(/^faults\/end$/, ({ options }) => {
    options.store.faults.end();
    return Promise.resolve(options.store.faults.kinds);
  }),
  {
    method: "GET",
    path: /^faults$/,
    run: ({ options }) => Promise.resolve(options.store.faults.kinds),
  },
  post(/^reset$/, async ({ options }) => {
    await options.reset();
    options.store.faults.forget();
    return stateView(options.store, undefined);
  }),
  {
    method: "GET",
    path: /^state$/,
    run: async ({ options, request }) => {
      const name = new URL(request.url).searchParams.get("shop");
      return stateView(options.store, name === null ? undefined : findShop(options, name));
    },
  },
];

const routes: readonly Route[] = [
  ...orderRoutes,
  ...shopRoutes,
  ...appRoutes,
  ...tokenRoutes,
  ...simulationRoutes,
];
