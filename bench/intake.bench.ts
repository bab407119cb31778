import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

import { buildApp } from "../scripts/stack/build.ts";
import { type AppProcesses, processorSeconds, startApp } from "./app-processes.ts";
import { LightShopify } from "./light-shopify.ts";
import type { Bench, Row } from "./main.ts";
import { customerIdOf, putShop } from "./many-shops.ts";
import { type Delivery, quantile, WebhookSender } from "./webhook-load.ts";

// A shorter run for a busy machine: INTAKE_SECONDS=10 INTAKE_PER_SECOND=100 npm run bench -- intake
const SECONDS = Number(process.env.INTAKE_SECONDS ?? 60);
const PER_SECOND = Number(process.env.INTAKE_PER_SECOND ?? 500);
const SHOPS = Number(process.env.INTAKE_SHOPS ?? 20);
const CUSTOMERS = 500;
const GIVE_UP_SECONDS = 600;
/**
 * Warm-up webhooks, at a fifth of the rate: processes that have just started are still compiling.
 */
const WARM_UP = 5 * PER_SECOND;

const FIRST_ORDER = 5_000_000_000_000;

/**
 * The webhooks of incoming orders: each is created, paid and updated within moments, and some are
 * refunded. The simulated Shopify then returns the order's latest version.
 */
function* deliveries(shopify: LightShopify, shops: string[], count: number): Generator<Delivery> {
  const topics = ["orders/create", "orders/paid", "orders/updated"];
  const recent: string[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    const number = Math.floor(sent / topics.length);
    const id = String(FIRST_ORDER + number);
    const shop = shops[number % shops.length] ?? "";
    const updatedAt = new Date().toISOString();
    if (sent % 50 === 49 && recent.length > 0) {
      const refunded = shopify.orders.get(recent.shift() ?? "");
      if (refunded !== undefined) {
        shopify.orders.set(refunded.id, { ...refunded, amount: "1.00", updatedAt });
        yield {
          shop: refunded.shop,
          topic: "refunds/create",
          body: { order_id: Number(refunded.id) },
        };
        continue;
      }
    }
    const known = shopify.orders.get(id);
    const customerId = customerIdOf((number * 7) % CUSTOMERS);
    const order = known ?? { shop, id, customerId, amount: "25.00", processedAt: updatedAt };
    shopify.orders.set(id, { ...order, updatedAt });
    if (known === undefined) recent.push(id);
    const topic = topics[sent % topics.length] ?? "";
    const body = { admin_graphql_api_id: `gid://shopify/Order/${id}`, updated_at: updatedAt };
    yield { shop, topic, body };
  }
}

function* take(from: Generator<Delivery>, count: number): Generator<Delivery> {
  for (let taken = 0; taken < count; taken += 1) {
    const next = from.next();
    if (next.done === true) return;
    yield next.value;
  }
}

async function install(app: AppProcesses, client: pg.Client): Promise<string[]> {
  const shops: string[] = [];
  for (let number = 0; number < SHOPS; number += 1) {
    const shop = `intake-${number}.myshopify.com`;
    await putShop(client, shop, { customers: CUSTOMERS, seed: number + 1, weeksDone: true });
    shops.push(shop);
  }
  Object.assign(process.env, app.environment);
  const { enqueue, stopQueue } = await import("#app/queue/queue.server.ts");
  const { shopDomain } = await import("#app/lib/ids.ts");
  for (const shop of shops) await enqueue("scoring.run", { shop: shopDomain(shop) });
  await stopQueue();
  return shops;
}

const WORK_LEFT = `select
  (select count(*)::int from webhook_inbox where handled_at is null) as unread,
  (select count(*)::int from pgboss.job where state in ('created', 'retry', 'active')
     and not starts_with(name, '__pgboss__')) as jobs,
  (select count(*)::int from changed_customers) as marked`;

type WorkLeft = { unread: number; jobs: number; marked: number };

/** @returns seconds until nothing is left to do, and what was left at the start */
async function drain(client: pg.Client): Promise<{ seconds: number; first: WorkLeft }> {
  const started = performance.now();
  let first: WorkLeft | undefined;
  for (;;) {
    const { rows } = await client.query<WorkLeft>(WORK_LEFT);
    const left = rows[0] ?? { unread: 0, jobs: 0, marked: 0 };
    first ??= left;
    const seconds = (performance.now() - started) / 1000;
    if (left.unread + left.jobs + left.marked === 0) return { seconds, first };
    if (seconds > GIVE_UP_SECONDS) throw new Error(`still there: ${JSON.stringify(left)}`);
    await sleep(200);
  }
}

/** Number of orders that are not stored in Shopify's version. */
async function wrongOrders(client: pg.Client, shopify: LightShopify): Promise<number> {
  const { rows } = await client.query<{ order_id: string; updated_at: Date; amount: number }>(
    "select order_id, updated_at, amount_minor::int as amount from orders where order_id >= $1::text and length(order_id) = 13",
    [String(FIRST_ORDER)],
  );
  const stored = new Map(rows.map((row) => [row.order_id, row]));
  return [...shopify.orders.values()].filter(({ id, updatedAt, amount }) => {
    const row = stored.get(id);
    return row?.updated_at.toISOString() !== updatedAt || row.amount !== Number(amount) * 100;
  }).length;
}

async function run(): Promise<Row[]> {
  buildApp();
  const shopify = new LightShopify();
  const app = await startApp("intake", await shopify.start());
  const client = new pg.Client({ connectionString: app.databaseUrl });
  await client.connect();
  try {
    const worker = await app.startWorker();
    const shops = await install(app, client);
    await drain(client);
    const sender = new WebhookSender(app);
    const count = SECONDS * PER_SECOND;
    const all = deliveries(shopify, shops, WARM_UP + count);
    await sender.sendAll(take(all, WARM_UP), { perSecond: PER_SECOND / 5 });
    const before = [await processorSeconds(app.webMetricsUrl), await processorSeconds(worker)];
    const started = performance.now();
    const { latencies, statuses } = await sender.sendAll(take(all, count), {
      perSecond: PER_SECOND,
    });
    const seconds = (performance.now() - started) / 1000;
    const after = [await processorSeconds(app.webMetricsUrl), await processorSeconds(worker)];
    const { seconds: backlogSeconds, first } = await drain(client);
    const kept = await client.query<{ n: number; rescored: number }>(
      `select count(*)::int as n, count(handled_at)::int as rescored from webhook_inbox`,
    );
    const wrong = await wrongOrders(client, shopify);
    const used = after.map((seconds, index) => seconds - (before[index] ?? 0));
    const share = used.map((one) => ((one / seconds) * 100).toFixed(0));
    const forOne = (((used[0] ?? 0) / count) * 1000).toFixed(2);
    const answers = [...statuses].map(([status, n]) => `${n} × ${status}`).join(", ");
    const at = (part: number) => `${quantile(latencies, part).toFixed(0)} ms`;
    return [
      {
        what: `${count} webhooks to ${SHOPS} shops at ${PER_SECOND} a second: answers`,
        measured: `${answers} in ${seconds.toFixed(1)} s`,
        goal: "all 200",
      },
      {
        what: "from when a webhook was due to its answer: half, 99 %, all",
        measured: `${at(0.5)}, ${at(0.99)}, ${at(1)}`,
        goal: "99 % < 250 ms",
      },
      {
        what: `${shopify.orders.size} orders: lost webhooks, orders not stored as they are`,
        measured: `${WARM_UP + count - (kept.rows[0]?.n ?? 0)}, ${wrong}`,
        goal: "0, 0",
      },
      {
        what: `backlog at the end (${first.unread} webhooks, ${first.marked} customers): gone after`,
        measured: `${backlogSeconds.toFixed(1)} s`,
        goal: "< 60 s",
      },
      {
        what: "processor meanwhile: web, worker (100 % is one core)",
        measured: `${share[0]} % (${forOne} ms for a webhook), ${share[1]} %; ${shopify.calls} calls to Shopify, ${shopify.throttled} throttled`,
      },
    ];
  } finally {
    await client.end();
    await app.stop();
    shopify.stop();
  }
}

export default {
  title: "webhooks: answered, kept, and worked off",
  run,
} satisfies Bench;
