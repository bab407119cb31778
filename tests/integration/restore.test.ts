import pg from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");
const quick = [
  ...["--customers", "300", "--seed", "3", "--plan", "enterprise", "--bulk-latency-ms", "20"],
  ...["--bulk-mutation-lines-per-second", "20000", "--start", "2026-11-21T12:00:00Z"],
];

let simulator: RunningSimulator;
let app: LoadedApp;
let more: Awaited<ReturnType<typeof loadMore>>;

/** It reads Shopify's address when it is loaded. */
async function loadMore() {
  const [restored, clock, batchFile] = await Promise.all([
    import("#app/writeback/after-restore.server.ts"),
    import("#app/lib/clock.server.ts"),
    import("#app/writeback/send/batch-file.server.ts"),
  ]);
  return { ...restored, ...clock, ...batchFile };
}

beforeAll(async () => {
  // Without the app's configuration the simulator delivers no webhooks: all are lost.
  simulator = await startSimulator("generated", quick);
  app = await loadApp(simulator);
  more = await loadMore();
});

afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
  await onServer((server) => server.query(`drop DATABASE IF exists ${backup}`));
});

const database = () => new URL(process.env.DATABASE_URL ?? "").pathname.slice(1);
const backup = `backup_${String(process.pid)}`;

async function onServer(work: (server: pg.Client) => Promise<unknown>): Promise<void> {
  const server = new pg.Client(inject("serverUrl"));
  await server.connect();
  await work(server);
  await server.end();
}

/**
 * A database that is copied or renamed must have no connections: all processes have been stopped.
 */
async function disconnect(server: pg.Client): Promise<void> {
  await app.stopQueue();
  await server.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
    database(),
  ]);
}

async function backUp(): Promise<void> {
  await onServer(async (server) => {
    await disconnect(server);
    await server.query(`create DATABASE ${backup} TEMPLATE ${database()}`);
  });
}

async function restore(): Promise<void> {
  await onServer(async (server) => {
    await disconnect(server);
    await server.query(`drop DATABASE ${database()}`);
    await server.query(`alter DATABASE ${backup} RENAME to ${database()}`);
  });
}

async function control(path: string, body: object = {}): Promise<{ id: string }> {
  return (await simulator.control(path, { shop: "generated", ...body })) as { id: string };
}

async function rows<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) {
  return (await app.pool.query<Row>(sql, values)).rows;
}

/** Imports, scores and writes, like the worker. */
async function keepInStep(): Promise<void> {
  await more.syncClock();
  await app.runImport(shop);
  expect((await app.runScoring(shop)).kind).toBe("scored");
  expect(await app.runWriteback(shop)).toEqual({ kind: "written" });
}

/** Our tags and the tiers in our metafields in Shopify, by customer. */
async function inShopify(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (let after: string | null = null; ;) {
    const { customers } = (await simulator.ask(
      `query ($after: String) { customers(first: 100, after: $after) {
         pageInfo { hasNextPage endCursor }
         nodes { id tags metafields(first: 10, namespace: "encore") { nodes { key value } } } } }`,
      { after },
    )) as {
      customers: {
        pageInfo: { hasNextPage: boolean; endCursor: string };
        nodes: {
          id: string;
          tags: string[];
          metafields: { nodes: { key: string; value: string }[] };
        }[];
      };
    };
    for (const { id, tags, metafields } of customers.nodes) {
      const values = metafields.nodes
        .filter(({ key }) => key.endsWith("_tier"))
        .map(({ key, value }) => `${key}=${value}`);
      const ours = [...tags.filter((tag) => /^(clv|buy):/.test(tag)), ...values];
      if (ours.length > 0) found[id.split("/").at(-1) ?? ""] = ours.sort();
    }
    if (!customers.pageInfo.hasNextPage) return found;
    after = customers.pageInfo.endCursor;
  }
}

/** The same according to the scores. */
async function wanted(): Promise<Record<string, string[]>> {
  const scores = await rows<{ customer_id: string; clv_tier: string; buy_tier: string }>(
    "select customer_id, clv_tier, buy_tier from scores where shop = $1",
    [shop],
  );
  return Object.fromEntries(
    scores.map(({ customer_id: id, clv_tier: clv, buy_tier: buy }) => [
      id,
      [`clv:${clv}`, `buy:${buy}`, `clv_tier=${clv}`, `buy_tier=${buy}`].sort(),
    ]),
  );
}

const orders = () =>
  rows<{ order_id: string }>(
    `select order_id, customer_id, day, amount_minor, left_out, updated_at from orders
      where shop = $1 order by order_id`,
    [shop],
  );

async function customersIn(tier: string, count: number): Promise<string[]> {
  const found = await rows<{ customer_id: string }>(
    "select customer_id from scores where shop = $1 and clv_tier = $2 order by 1 limit $3",
    [shop, tier, count],
  );
  return found.map((row) => row.customer_id);
}

/** Changes after the backup, in Shopify, in orders and in tags. */
async function goOn(): Promise<{ passing: string[] }> {
  const low = await customersIn("low", 5);
  const [kept = "", gone = ""] = await customersIn("moderate", 2);
  const [first, second, third] = await orders();
  const passing: string[] = [];
  for (const customerId of low) {
    passing.push((await control("orders", { customerId, amount: 150 })).id);
  }
  await control(`orders/${first?.order_id ?? ""}/refund`);
  await control(`orders/${second?.order_id ?? ""}/cancel`);
  await control(`orders/${third?.order_id ?? ""}/delete`);
  await control(`customers/${gone}/merge`, { into: kept });
  await app.pool.query(
    "update sessions set expires = now() at time zone 'UTC' + interval '1 minute'",
  );
  await keepInStep();
  // Known only to Shopify after the restore.
  for (const id of passing) await control(`orders/${id}/delete`);
  return { passing };
}

/** A bulk mutation that was in progress at the time of the backup, and finished long ago. */
async function leaveUnderWay(): Promise<void> {
  const [customerId = ""] = await customersIn("high", 1);
  await app.pool.query(
    `insert into write_batches (shop, id, kind, state, lines, line_count)
     values ($1, 'on-its-way', 'tags-add', 'uploaded', $2, 1)`,
    [shop, more.packLines([[{ customerId, add: ["clv:low"] }]])],
  );
}

it("a database that is restored to an earlier moment becomes consistent with the store again", async () => {
  await installAndImport(app, simulator, shop);
  await app.agreeToWriting(shop);
  await keepInStep();
  expect(await inShopify()).toEqual(await wanted());
  const before = await wanted();
  await leaveUnderWay();
  await backUp();
  await app.pool.query("delete from write_batches where id = 'on-its-way'");
  const { passing } = await goOn();
  const stands = await inShopify();
  const moved = Object.keys(before).filter((id) => String(before[id]) !== String(stands[id]));
  expect(moved.length).toBeGreaterThan(3);

  await restore();
  expect(await wanted()).toEqual(before);
  expect(await more.bringAllUpToDate()).toEqual([shop]);
  // The token of the backup was renewed since: the shop waits for its merchant.
  await app.pool.query("update sessions set expires = now() at time zone 'UTC'");
  await expect(app.runImport(shop)).rejects.toMatchObject({ code: "shopify-unauthorized" });
  const token = await simulator.token();
  await app.pool.query(
    `insert into sessions (id, shop, state, is_online, access_token, refresh_token, expires)
     values ($1, $2, '', false, $3, $4, now() at time zone 'UTC' + interval '1 hour')`,
    [`offline_${shop}`, shop, token.access_token, token.refresh_token],
  );
  await app.ensureInstalled({ shop });
  const asked = await rows("select name from pgboss.job where name = 'orders.import'");
  expect(asked).not.toEqual([]);

  await keepInStep();
  expect(await inShopify()).toEqual(await wanted());
  const healed = await orders();
  expect(healed.map((order) => order.order_id)).not.toEqual(expect.arrayContaining(passing));
  await app.pool.query("truncate orders, order_imports, gone_customers");
  await app.runImport(shop);
  expect(healed).toEqual(await orders());
}, 240_000);
