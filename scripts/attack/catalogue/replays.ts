import { setTimeout as sleep } from "node:timers/promises";

import type { Site } from "../../stack/admin-api.ts";
import { eventually } from "../../storm/eventually.ts";
import { type Check, differs, unless } from "../check.ts";
import { deliver, open, type Stage } from "../stage.ts";

// Shopify signs only bodies: shop and topic are in headers, which anybody who has seen one body can replace.

const HANDLED_MS = 3_000;

type ShopState = { installed: boolean; sessions: number; orders: number; customers: number };

export async function shopState({ rows }: Stage, site: Site): Promise<ShopState | undefined> {
  const [row] = await rows<ShopState>(
    `select exists (select 1 from shops where shop = $1 and uninstalled_at is null) as installed,
            (select count(*)::int from sessions where shop = $1) as sessions,
            (select count(*)::int from orders where shop = $1) as orders,
            (select count(distinct customer_id)::int from orders where shop = $1) as customers`,
    [site.domain],
  );
  return row;
}

/** The merchant opens the app, which restores what a successful attack removed, for the following checks. */
export async function recover(stage: Stage, site: Site): Promise<void> {
  await open(site);
  const back = async () => ((await shopState(stage, site))?.orders ?? 0) > 0;
  await eventually("the shop has its orders", back, { seconds: 60 });
}

/** The id of a customer of the shop with orders, as a number: simulated ids are small enough. */
export async function someCustomer({ rows }: Stage, site: Site): Promise<string> {
  const [row] = await rows<{ id: string }>(
    `select customer_id as id from orders where shop = $1 and customer_id is not null
      order by order_id limit 1`,
    [site.domain],
  );
  return row?.id ?? "";
}

/** Bodies that Shopify has signed for the attacker's own shop. */
async function captured(stage: Stage): Promise<Record<string, string>> {
  const { own, victim } = stage;
  const at = new Date().toISOString();
  const order = { id: 450789469, admin_graphql_api_id: "gid://shopify/Order/450789469" };
  const customer = { id: Number(await someCustomer(stage, victim)), email: "own@example.com" };
  const named = { shop_id: 548380009, shop_domain: own.domain };
  const orders = { ...order, updated_at: at, customer };
  const asked = { ...named, customer, orders_requested: [order.id], data_request: { id: 9999 } };
  return {
    "an order": JSON.stringify(orders),
    "an order's id and time": JSON.stringify({ ...order, updated_at: at }),
    "a deleted order": JSON.stringify({ id: order.id }),
    "a data request": JSON.stringify(asked),
    "an erasure": JSON.stringify({ ...named, customer, orders_to_redact: [order.id] }),
    "the end of a shop": JSON.stringify(named),
    "its own end": JSON.stringify({
      id: 548380009,
      domain: own.domain,
      myshopify_domain: own.domain,
    }),
    "a scope": JSON.stringify({ id: 1, previous: [], current: [], updated_at: at }),
  };
}

const DESTRUCTIVE: [route: string, topic: string][] = [
  ["app/uninstalled", "app/uninstalled"],
  ["privacy", "shop/redact"],
  ["privacy", "customers/redact"],
];

async function elsewhere(stage: Stage): Promise<string[]> {
  const { own, victim } = stage;
  const before = await shopState(stage, victim);
  const found: string[] = [];
  for (const [what, body] of Object.entries(await captured(stage))) {
    for (const [route, topic] of DESTRUCTIVE) {
      const sent = await deliver(own, `/webhooks/${route}`, { shop: victim.domain, topic, body });
      found.push(...unless([400, 401, 403, 404, 422], `${what} as ${topic} of another shop`, sent));
    }
  }
  await sleep(HANDLED_MS);
  found.push(...differs("the other shop", await shopState(stage, victim), before));
  await recover(stage, victim);
  return found;
}

/** A body of the same shop, with another topic than it was sent for. */
async function otherTopics(stage: Stage): Promise<string[]> {
  const { own } = stage;
  const before = await shopState(stage, own);
  const customer = { id: Number(await someCustomer(stage, own)), email: "own@example.com" };
  const named = { shop_id: 548380009, shop_domain: own.domain };
  const asked = { ...named, customer, orders_requested: [1], data_request: { id: 9999 } };
  const bodies: [what: string, topic: string, body: object][] = [
    ["a data request", "customers/redact", asked],
    ["a data request", "shop/redact", asked],
    ["an erasure", "shop/redact", { ...named, customer, orders_to_redact: [1] }],
  ];
  const found: string[] = [];
  for (const [what, topic, fields] of bodies) {
    const webhook = { shop: own.domain, topic, body: JSON.stringify(fields) };
    const sent = await deliver(own, "/webhooks/privacy", webhook);
    found.push(...unless([400, 401, 403, 404, 422], `${what} as ${topic}`, sent));
  }
  for (const [route, topic] of [
    ["orders", "app/uninstalled"],
    ["shop", "shop/redact"],
    ["privacy", "app/uninstalled"],
    ["app/uninstalled", "orders/create"],
    ["customers", "customers/redact"],
  ]) {
    const webhook = { shop: own.domain, topic: topic ?? "", body: JSON.stringify(named) };
    const sent = await deliver(own, `/webhooks/${String(route)}`, webhook);
    found.push(...unless([400, 401, 403, 404, 422], `${String(topic)} at ${String(route)}`, sent));
  }
  await sleep(HANDLED_MS);
  found.push(...differs("the shop", await shopState(stage, own), before));
  await recover(stage, own);
  return found;
}

/** A webhook that is sent many times is stored once. */
async function again(stage: Stage): Promise<string[]> {
  const { own } = stage;
  const headers = { "x-shopify-webhook-id": "the-same-webhook" };
  const body = JSON.stringify({ admin_graphql_api_id: "gid://shopify/Order/450789469" });
  const webhook = { shop: own.domain, topic: "orders/updated", body, headers };
  await Promise.all(Array.from({ length: 20 }, () => deliver(own, "/webhooks/orders", webhook)));
  const kept = await stage.rows(
    "select 1 from webhook_inbox where webhook_id = 'the-same-webhook'",
  );
  return differs("kept of one webhook sent twenty times", kept.length, 1);
}

/** Genuine requests are carried out: the checks above would pass for an app that does nothing. */
async function genuine(stage: Stage): Promise<string[]> {
  const { own } = stage;
  const id = await someCustomer(stage, own);
  const named = { shop_id: 548380009, shop_domain: own.domain };
  const body = { ...named, customer: { id: Number(id) }, orders_to_redact: [] };
  await stage.control("webhooks", { shop: own.domain, topic: "customers/redact", body });
  const erased = async () => {
    const sql = "select 1 from orders where shop = $1 and customer_id = $2";
    return (await stage.rows(sql, [own.domain, id])).length === 0;
  };
  try {
    await eventually("a customer is erased", erased, { seconds: 30 });
    return [];
  } catch {
    return ["a customer whom Shopify asked to erase is still there after 30 s"];
  }
}

export const replays: Check[] = [
  { holds: "bodies signed for one shop do not affect another", run: elsewhere },
  { holds: "bodies only have the effect of their own topic", run: otherTopics },
  { holds: "a webhook that is sent twenty times is stored once", run: again },
  { holds: "a genuine erasure request for a customer is carried out", run: genuine },
];
