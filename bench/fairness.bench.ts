import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

import { buildApp } from "../scripts/stack/build.ts";
import { type AppProcesses, startApp } from "./app-processes.ts";
import { LightShopify } from "./light-shopify.ts";
import type { Bench, Row } from "./main.ts";
import { customerIdOf, putShop } from "./many-shops.ts";
import { quantile, WebhookSender } from "./webhook-load.ts";

// A shorter run for a busy machine: FAIRNESS_SHOPS=10 FAIRNESS_CUSTOMERS=20000 npm run bench -- fairness
const SHOPS = Number(process.env.FAIRNESS_SHOPS ?? 200);
const LARGE_CUSTOMERS = Number(process.env.FAIRNESS_CUSTOMERS ?? 1_000_000);
const SMALL_CUSTOMERS = 500;
/** Orders are spread evenly over this time. */
const ORDERING_SECONDS = 100;
const GIVE_UP_SECONDS = 1_800;

const FIRST_ORDER = 6_000_000_000_000;
const LARGE = "large.myshopify.com";
const smallShops = Array.from({ length: SHOPS }, (_, n) => `small-${n}.myshopify.com`);

type Asking = (shops: string[]) => Promise<void>;

async function scoringOf(app: AppProcesses): Promise<{ ask: Asking; end: () => Promise<void> }> {
  Object.assign(process.env, app.environment);
  const { enqueue, stopQueue } = await import("#app/queue/queue.server.ts");
  const { shopDomain } = await import("#app/lib/ids.ts");
  const { closeDatabase } = await import("#app/lib/db.server.ts");
  return {
    ask: async (shops) => {
      for (const shop of shops) await enqueue("scoring.run", { shop: shopDomain(shop) });
    },
    end: async () => {
      await stopQueue();
      await closeDatabase();
    },
  };
}

const OPEN = "state in ('created', 'retry', 'active') and not starts_with(name, '__pgboss__')";

async function openJobs(client: pg.Client, shop?: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from pgboss.job
      where ${OPEN} and ($1::text is null or singleton_key = $1)`,
    [shop ?? null],
  );
  return rows[0]?.n ?? 0;
}

async function idle(client: pg.Client): Promise<void> {
  const started = performance.now();
  while ((await openJobs(client)) > 0) {
    if (performance.now() - started > GIVE_UP_SECONDS * 1000) throw new Error("never idle");
    await sleep(100);
  }
}

/** @returns seconds until all small shops are scored */
async function scoreAll(client: pg.Client, ask: Asking): Promise<number> {
  const started = performance.now();
  await ask(smallShops);
  await idle(client);
  return (performance.now() - started) / 1000;
}

/** Past spend of each small shop's first customer, according to its score. */
async function spent(client: pg.Client): Promise<Map<string, number>> {
  const { rows } = await client.query<{ shop: string; spent: string }>(
    "select shop, spent_minor as spent from scores where customer_id = $1 and shop <> $2",
    [customerIdOf(0), LARGE],
  );
  return new Map(rows.map((row) => [row.shop, Number(row.spent)]));
}

type Ordered = { seconds: number[]; largeRuns: number; webhooks: Map<number, number> };

/** An order in each small shop, while the large one is scored all the time. */
async function orderMeanwhile(
  client: pg.Client,
  { shopify, sender, ask }: { shopify: LightShopify; sender: WebhookSender; ask: Asking },
): Promise<Ordered> {
  const before = await spent(client);
  const orderedAt = new Map<string, number>();
  const scoredAt = new Map<string, number>();
  const webhooks = new Map<number, number>();
  const began = performance.now();
  let largeRuns = 0;
  while (scoredAt.size < SHOPS) {
    if ((await openJobs(client, LARGE)) === 0) {
      await ask([LARGE]);
      largeRuns += 1;
    }
    const elapsed = (performance.now() - began) / 1000;
    if (elapsed > GIVE_UP_SECONDS) throw new Error(`scored ${scoredAt.size} of ${SHOPS} shops`);
    while (orderedAt.size < Math.min(SHOPS, (elapsed / ORDERING_SECONDS) * SHOPS)) {
      const shop = smallShops[orderedAt.size] ?? "";
      const id = String(FIRST_ORDER + orderedAt.size);
      const at = new Date().toISOString();
      const order = { shop, id, customerId: customerIdOf(0), amount: "33.00" };
      shopify.orders.set(id, { ...order, processedAt: at, updatedAt: at });
      const body = { admin_graphql_api_id: `gid://shopify/Order/${id}`, updated_at: at };
      orderedAt.set(shop, performance.now());
      const status = await sender.send({ shop, topic: "orders/create", body });
      webhooks.set(status, (webhooks.get(status) ?? 0) + 1);
    }
    const now = await spent(client);
    for (const shop of orderedAt.keys()) {
      const changed = (now.get(shop) ?? 0) !== (before.get(shop) ?? 0);
      if (changed && !scoredAt.has(shop)) scoredAt.set(shop, performance.now());
    }
    await sleep(200);
  }
  const seconds = smallShops.map(
    (shop) => ((scoredAt.get(shop) ?? 0) - (orderedAt.get(shop) ?? 0)) / 1000,
  );
  return { seconds: seconds.sort((a, b) => a - b), largeRuns, webhooks };
}

async function run(): Promise<Row[]> {
  buildApp();
  const shopify = new LightShopify();
  const app = await startApp("fairness", await shopify.start());
  const client = new pg.Client({ connectionString: app.databaseUrl });
  await client.connect();
  const scoring = await scoringOf(app);
  try {
    for (const [index, shop] of smallShops.entries()) {
      await putShop(client, shop, { customers: SMALL_CUSTOMERS, seed: index + 1, weeksDone: true });
    }
    const large = await putShop(client, LARGE, { customers: LARGE_CUSTOMERS, seed: 7 });
    await client.query("analyze");
    await app.startWorker();
    const first = await scoreAll(client, scoring.ask);
    const sender = new WebhookSender(app);
    const ordered = await orderMeanwhile(client, { shopify, sender, ask: scoring.ask });
    const largeStillRuns = (await openJobs(client, LARGE)) > 0;
    await idle(client);
    const one = await scoreAll(client, scoring.ask);
    await app.startWorker();
    const two = await scoreAll(client, scoring.ask);
    const at = (share: number) => `${quantile(ordered.seconds, share).toFixed(1)} s`;
    const perSecond = (seconds: number) => `${(SHOPS / seconds).toFixed(1)} shops a second`;
    return [
      {
        what: `${SHOPS} shops of ${SMALL_CUSTOMERS} customers: first scoring, 1 worker`,
        measured: `${first.toFixed(1)} s, ${perSecond(first)}`,
      },
      {
        what:
          `an order in each, while a shop of ${large.customers} customers and ${large.orders} orders ` +
          `is scored: from the order to its score: half, 95 %, all`,
        measured: `${at(0.5)}, ${at(0.95)}, ${at(1)} (the large one was begun ${ordered.largeRuns} times and at the end ${largeStillRuns ? "still ran" : "had ended"})`,
        goal: "all < 120 s",
      },
      {
        what: `all ${SHOPS} scored and fitted anew, 1 worker`,
        measured: `${one.toFixed(1)} s, ${perSecond(one)}`,
      },
      {
        what: "the same, 2 workers",
        measured: `${two.toFixed(1)} s, ${perSecond(two)} = ${(one / two).toFixed(2)} ×`,
      },
    ];
  } finally {
    await scoring.end();
    await client.end();
    await app.stop();
    shopify.stop();
  }
}

export default {
  title: "many small shops beside a large one",
  run,
} satisfies Bench;
