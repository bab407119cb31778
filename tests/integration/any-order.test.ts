import path from "node:path";

import type { ActionFunctionArgs } from "@remix-run/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type ShopDomain, shopDomain } from "#app/lib/ids.ts";
import { createRandom, type Random } from "#simulator/random.ts";

import { installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";
import { listeningApp } from "../simulator/http.ts";

// A day of a shop whose webhooks arrive late, repeatedly and in any order, and are processed now
// and then: at its end the stored data equal those of a fresh install.

const shop = shopDomain("generated.myshopify.com");
const root = path.resolve(import.meta.dirname, "../..");
const EVENTS = 30;

type Delivery = { path: string; text: string; headers: Record<string, unknown> };

let listening: Awaited<ReturnType<typeof listeningApp>>;
let simulator: RunningSimulator;
let app: LoadedApp;
let runFollow: (shop: ShopDomain) => Promise<void>;

beforeAll(async () => {
  listening = await listeningApp();
  simulator = await startSimulator("generated", [
    ...["--customers", "40", "--seed", "5", "--plan", "enterprise", "--bulk-latency-ms", "20"],
    ...["--bulk-query-objects-per-second", "1000000", "--app-url", listening.url],
    ...["--app-config", path.join(root, "shopify.app.toml")],
  ]);
  app = await loadApp(simulator);
  ({ runFollow } = await import("#app/orders/webhooks/follow-orders.server.ts"));
});

afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
  await listening.close();
});

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await app.pool.query<Record<string, unknown>>(sql)).rows;
}

async function freshInstall(): Promise<void> {
  await app.pool.query(
    `truncate sessions, shops, orders, order_imports, order_checks, progress, webhook_inbox,
              gone_customers, changed_customers`,
  );
  await installAndImport(app, simulator, shop);
}

const stored = () =>
  rows(
    `select order_id, customer_id, processed_at, updated_at, day::text, amount_minor,
            financial_status, cancelled_at, test, tags, left_out from orders order by order_id`,
  );

/** Everything in the shop, by number. */
type Shop = { customers: string[]; orders: { id: string; open: boolean }[] };

async function happen(random: Random, now: Shop): Promise<void> {
  const one = <Item>(items: Item[]) => items[random.integer(items.length)]!;
  const control = (what: string, body: object = {}) =>
    simulator.control(what, { shop: "generated", ...body }) as Promise<{ id: string }>;
  const kind = random.pick([
    "place",
    "place",
    "refund",
    "edit",
    "cancel",
    "delete",
    "merge",
    "leave",
  ]);
  const customer = one(now.customers);
  if (kind === "place") {
    const guest = random.integer(8) === 0;
    const placed = { customerId: guest ? null : customer, amount: 1 + random.integer(90) };
    now.orders.push({ id: (await control("orders", placed)).id, open: true });
    return;
  }
  if (kind === "merge") {
    const into = one(now.customers.filter((other) => other !== customer));
    await control(`customers/${customer}/merge`, { into });
    now.customers = now.customers.filter((other) => other !== customer);
    return;
  }
  // Refused for customers with orders, which nearly all have.
  if (kind === "leave") return void (await control(`customers/${customer}/delete`));
  const order = one(now.orders.filter(({ open }) => open));
  order.open = kind === "edit";
  if (kind === "delete") now.orders = now.orders.filter((other) => other !== order);
  await control(
    `orders/${order.id}/${kind}`,
    kind === "edit" ? { amount: random.integer(90) } : {},
  );
}

async function deliver({ path: uri, text, headers }: Delivery): Promise<void> {
  const file = `app/routes/${uri.slice(1).replaceAll("/", ".")}.ts`;
  const route = (await import(path.join(root, file))) as {
    action: (args: ActionFunctionArgs) => Promise<Response>;
  };
  const request = new Request("http://127.0.0.1:3100/", {
    method: "POST",
    body: text,
    headers: new Headers(
      Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    ),
  });
  expect((await route.action({ request, params: {}, context: {} })).status).toBe(200);
}

/** Everything has arrived when nothing more arrives. */
async function settled(): Promise<void> {
  for (let count = -1; count !== listening.received.length;) {
    count = listening.received.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/**
 * Delivers some of the pending webhooks in random order; some stay pending and are delivered again.
 */
async function someArrive(random: Random, onTheirWay: Delivery[], share: number): Promise<void> {
  const count = Math.ceil(onTheirWay.length * share);
  for (let taken = 0; taken < count; taken += 1) {
    const [delivery] = onTheirWay.splice(random.integer(onTheirWay.length), 1);
    if (delivery === undefined) return;
    await deliver(delivery);
    if (share < 1 && random.integer(4) === 0) onTheirWay.push(delivery);
  }
}

async function theShop(): Promise<Shop> {
  const orders = await rows("select order_id as id from orders where left_out is null");
  const customers = await rows(
    "select distinct customer_id as id from orders where customer_id is not null order by 1",
  );
  return {
    customers: customers.map(({ id }) => String(id)),
    orders: orders.map(({ id }) => ({ id: String(id), open: true })),
  };
}

describe("webhooks in any order, late and repeated", () => {
  it.each([1, 2, 3, 4])("end in what a fresh install stores (seed %i)", async (seed) => {
    const random = createRandom(seed);
    await simulator.control("reset", {});
    await freshInstall();
    listening.received.length = 0;
    const now = await theShop();
    const onTheirWay: Delivery[] = [];
    let taken = 0;
    const collect = () => {
      onTheirWay.push(...listening.received.slice(taken));
      taken = listening.received.length;
    };
    for (let event = 0; event < EVENTS; event += 1) {
      await happen(random, now);
      collect();
      if (random.integer(3) === 0) await someArrive(random, onTheirWay, random.next() / 2);
      if (random.integer(6) === 0) await runFollow(shop);
    }
    await settled();
    collect();
    expect(taken).toBeGreaterThan(EVENTS);
    expect(onTheirWay.length).toBeGreaterThan(0);
    await someArrive(random, onTheirWay, 1);
    await runFollow(shop);
    expect(await rows("select topic from webhook_inbox where handled_at is null")).toEqual([]);
    const gone = await rows("select customer_id from gone_customers");
    expect(gone.length).toBeGreaterThan(0);
    const followed = await stored();
    await freshInstall();
    expect(followed).toEqual(await stored());
  });
});
