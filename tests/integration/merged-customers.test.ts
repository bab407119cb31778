import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { giveToken, installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { KeptTables } from "../setup/kept-tables.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";
import { delivery } from "../setup/webhook.ts";

const shop = shopDomain("generated.myshopify.com");
const quick = [
  ...["--customers", "300", "--seed", "3", "--plan", "enterprise"],
  ...["--bulk-latency-ms", "20", "--bulk-query-objects-per-second", "1000000"],
  ...["--bulk-mutation-lines-per-second", "20000"],
];

let simulator: RunningSimulator;
let app: LoadedApp;
let scored: KeptTables;
/** Two customers of different tiers, each with more than one order. */
let gone: string;
let kept: string;

beforeAll(async () => {
  simulator = await startSimulator("generated", quick);
  app = await loadApp(simulator);
  await installAndImport(app, simulator, shop);
  await app.runScoring(shop);
  scored = new KeptTables(app.pool);
  await scored.keep();
});

afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
});

async function rows(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await app.pool.query<Record<string, unknown>>(sql, values)).rows;
}

async function aCustomer(tier: string): Promise<string> {
  const [found] = await rows(
    "select customer_id from scores where clv_tier = $1 and frequency > 1 order by 1 limit 1",
    [tier],
  );
  return String(found?.customer_id);
}

beforeEach(async () => {
  await simulator.control("reset", {});
  await scored.restore();
  await giveToken(app, simulator, shop);
  await app.agreeToWriting(shop);
  await app.runWriteback(shop);
  gone = await aCustomer("high");
  kept = await aCustomer("low");
});

async function merge(): Promise<void> {
  await simulator.control(`customers/${gone}/merge`, { shop: "generated", into: kept });
}

async function webhookArrives(): Promise<void> {
  const { action } = await import("../../app/routes/webhooks.customers.ts");
  const body = {
    admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${kept}`,
    admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${gone}`,
  };
  const response = await action(delivery({ shop, topic: "customers/merge", body }));
  expect(response.status).toBe(200);
}

/** The worker's tasks, one after another. */
async function work(): Promise<void> {
  const { runFollow } = await import("#app/orders/webhooks/follow-orders.server.ts");
  await runFollow(shop);
  await app.runScoring(shop);
  await app.runWriteback(shop);
}

type Shown = { tags: string[]; metafields: { nodes: { key: string; value: string }[] } };

async function shown(customer: string) {
  const data = (await simulator.ask(
    `query ($id: ID!) { customer(id: $id) {
       tags metafields(first: 10, namespace: "encore") { nodes { key value } } } }`,
    { id: `gid://shopify/Customer/${customer}` },
  )) as { customer: Shown | null };
  if (data.customer === null) return null;
  const { tags, metafields } = data.customer;
  return {
    tags: tags.filter((tag) => /^(clv|buy):/.test(tag)),
    values: Object.fromEntries(metafields.nodes.map(({ key, value }) => [key, value])),
  };
}

/** Expects the kept customer to have the tags of its score, and no trace of the other. */
async function expectOneCustomer(): Promise<void> {
  const [score] = await rows("select * from scores where customer_id = $1", [kept]);
  const standing = await shown(kept);
  expect(standing?.tags).toEqual([
    `buy:${String(score?.buy_tier)}`,
    `clv:${String(score?.clv_tier)}`,
  ]);
  expect(standing?.values).toMatchObject({ clv_tier: score?.clv_tier, buy_tier: score?.buy_tier });
  const spend = Number(standing?.values.expected_spend) * 100;
  expect(Math.abs(spend - Number(score?.expected_spend_minor))).toBeLessThan(1);
  expect(await rows("select 1 from scores where customer_id = $1", [gone])).toEqual([]);
  expect(await rows("select 1 from written_states where customer_id = $1", [gone])).toEqual([]);
  expect(await rows("select 1 from orders where customer_id = $1", [gone])).toEqual([]);
  expect(await rows("select 1 from written_states where failure_code is not null")).toEqual([]);
}

describe("two customers who are merged in Shopify", () => {
  it("leave one with the tier of both histories, and no stale tag of either", async () => {
    const before = await rows("select order_id from orders where customer_id = any($1)", [
      [gone, kept],
    ]);
    const history =
      "select count(*)::int from score_history where reconstructed and customer_id = $1";
    const weeks = await rows(history, [gone]);
    await merge();
    expect((await shown(kept))?.tags).toHaveLength(4);
    await webhookArrives();
    const { runFollow } = await import("#app/orders/webhooks/follow-orders.server.ts");
    await runFollow(shop);
    // Even if the merge changes no score, the tags of the other are removed.
    await app.runWriteback(shop);
    expect((await shown(kept))?.tags).toHaveLength(2);
    await work();
    await expectOneCustomer();
    const after = await rows("select order_id from orders where customer_id = $1", [kept]);
    expect(after).toHaveLength(before.length);
    // What was computed for the other is unchanged.
    expect(await rows(history, [gone])).toEqual(weeks);
  });

  it("are found without a webhook when a write reports that one does not exist", async () => {
    await merge();
    await app.pool.query("update written_states set buy_tier = 'moved' where customer_id = $1", [
      gone,
    ]);
    await app.pool.query("insert into pending_writes (shop, customer_id) values ($1, $2)", [
      shop,
      gone,
    ]);
    await app.runWriteback(shop);
    // A push between the two discoveries treats the missing customer as deleted.
    const { enqueueDeletionChecks, recordTombstones } =
      await import("#app/orders/customers/tombstones.server.ts");
    await app.inTransaction(async (client) => {
      await recordTombstones(client, shop, [{ customerId: gone, into: null }]);
      await enqueueDeletionChecks(client, shop, [gone]);
    });
    await app.runWriteback(shop);
    await work();
    await expectOneCustomer();
  });

  it("leave no stale tag even if the other's written state had been dropped", async () => {
    // The other way round: the tags of the missing customer differ from those of the joint history.
    [gone, kept] = [kept, gone];
    await merge();
    const { recordTombstones } = await import("#app/orders/customers/tombstones.server.ts");
    const found = (into: string | null) =>
      app.inTransaction((client) => recordTombstones(client, shop, [{ customerId: gone, into }]));
    await found(null);
    await app.runWriteback(shop);
    // A write planned earlier fails, and is the only record left.
    const { FAILED_IN_BULK, recordFailures } =
      await import("#app/writeback/state/failures.server.ts");
    const failure = { customerId: gone, code: "customer-missing", metafields: false } as const;
    await recordFailures(shop, [failure], FAILED_IN_BULK);
    await found(kept);
    await work();
    await expectOneCustomer();
  });

  it("are found without a webhook when all orders are read again", async () => {
    await merge();
    await app.runImport(shop);
    await work();
    await expectOneCustomer();
  });
});
