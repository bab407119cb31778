import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type AdminApi, openAdminApi } from "../../scripts/stack/admin-api.ts";
import { follow, Merchant } from "../../scripts/stack/merchant.ts";
import { type Stack, startStack } from "../../scripts/stack/stack.ts";

const WITHIN_MS = 60_000;

let stack: Stack;
let merchant: Merchant;
let ask: AdminApi;
let database: pg.Client;
/** An order that was placed while the app was importing. */
let early: { id: string };

beforeAll(async () => {
  stack = await startStack({
    shop: "generated",
    customers: 300,
    database: "encore_test_follow",
    directory: ".data/logs/test-follow",
    simulatorFlags: [
      ...["--seed", "3", "--plan", "enterprise", "--bulk-latency-ms", "20"],
      // Slow enough that something can happen while orders are exported.
      ...["--bulk-query-objects-per-second", "5000", "--bulk-mutation-lines-per-second", "100000"],
    ],
  });
  stack.startWorker();
  merchant = new Merchant(stack);
  ask = await openAdminApi(stack);
  database = new pg.Client(stack.databaseUrl);
  await database.connect();
  await merchant.open();
  const customer = await anyCustomer();
  const exporting = "select 1 from order_imports where state in ('running', 'loading')";
  await until("the import runs", async () => (await rows(exporting)).length === 1);
  early = await control("orders", { customerId: customer, amount: 10 });
  await follow(merchant, "score", () => undefined);
  await merchant.agreeToWriting();
  await follow(merchant, "write", () => undefined);
}, 180_000);

afterAll(async () => {
  await database.end();
  await stack.stop();
});

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return (await database.query(sql)).rows;
}

async function control(path: string, body: object): Promise<{ id: string }> {
  const response = await fetch(`${stack.simulatorUrl}/__simulator/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ shop: stack.shop, ...body }),
  });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return (await response.json()) as { id: string };
}

/** Our tags in Shopify. */
async function tagsOf(customer: string): Promise<string[]> {
  const id = `gid://shopify/Customer/${customer}`;
  const data = (await ask("query ($id: ID!) { customer(id: $id) { tags } }", { id })) as {
    customer: { tags: string[] };
  };
  return data.customer.tags.filter((tag) => /^(clv|buy):/.test(tag));
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + WITHIN_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not within a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const becomes = (customer: string, tags: string[]) =>
  until(`${customer} has ${tags.join(" ")}`, async () => {
    return (await tagsOf(customer)).join() === tags.join();
  });
const changes = (customer: string, before: string[]) =>
  until(`${customer} loses ${before.join(" ")}`, async () => {
    const now = await tagsOf(customer);
    return now.length === 2 && now.join() !== before.join();
  });

async function anyCustomer(): Promise<string> {
  const data = (await ask("{ customers(first: 1) { nodes { id } } }")) as {
    customers: { nodes: { id: string }[] };
  };
  return data.customers.nodes[0]?.id.replace(/^.*\//, "") ?? "";
}

async function newCustomer(position: number): Promise<string> {
  const found = await rows(
    `select customer_id from scores where clv_tier = 'new' and buy_tier = 'new'
      order by spent_minor desc, customer_id offset ${String(position)} limit 1`,
  );
  return String(found[0]?.customer_id);
}

const NEW = ["buy:new", "clv:new"];
const jobsSoFar = async () => (await rows("select 1 from pgboss.job")).length;

describe.sequential("an app that follows its store", { shuffle: false }, () => {
  it("an order placed during the first import is not lost", async () => {
    const stored = `select 1 from orders where order_id = '${early.id}'`;
    await until("the order is here", async () => (await rows(stored)).length === 1);
    const unread = `select 1 from webhook_inbox
      where resource_id = '${early.id}' and handled_at is null`;
    await until("its webhooks are read", async () => (await rows(unread)).length === 0);
  });

  it("an order changes its customer's tags, and its refund changes them back", async () => {
    const customer = await newCustomer(0);
    expect(await tagsOf(customer)).toEqual(NEW);
    const order = await control("orders", { customerId: customer, amount: 150 });
    await changes(customer, NEW);
    await control(`orders/${order.id}/refund`, {});
    await becomes(customer, NEW);
  });

  it("a deleted order is removed", async () => {
    const customer = await newCustomer(1);
    const order = await control("orders", { customerId: customer, amount: 150 });
    await changes(customer, NEW);
    await control(`orders/${order.id}/delete`, {});
    await becomes(customer, NEW);
    const kept = await rows(`select 1 from orders where order_id = '${order.id}'`);
    expect(kept).toEqual([]);
  });

  it("the app's own writes cause no work", async () => {
    await until("all work is done", async () => {
      return (await rows("select 1 from pgboss.job where state <> 'completed'")).length === 0;
    });
    const before = await jobsSoFar();
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(await jobsSoFar()).toBe(before);
    const topics = await rows("select distinct topic from webhook_inbox order by topic");
    expect(topics.map(({ topic }) => topic)).toEqual([
      "bulk_operations/finish",
      "orders/create",
      "orders/delete",
      "orders/paid",
      "orders/updated",
      "refunds/create",
    ]);
  });

  it("after a week the new day is scored, and tokens stay valid", async () => {
    const [before] = await rows("select max(as_of)::text as day from scoring_runs");
    await control("clock", { advanceDays: 7 });
    const weekLater = `select 1 from scoring_runs
      where as_of = date '${String(before?.day)}' + 7 and not reconstructed and outcome = 'scored'`;
    await until("a scoring of the new day", async () => (await rows(weekLater)).length === 1);
    const tasks = (await merchant.progress()).map(({ task }) => task);
    expect(tasks).toEqual(expect.arrayContaining(["import", "score", "write"]));
    const customer = await newCustomer(2);
    await becomes(customer, NEW);
    const order = await control("orders", { customerId: customer, amount: 150 });
    await changes(customer, NEW);
    const day = `select day::text from orders where order_id = '${order.id}'`;
    const [made] = await rows(`select (date '${String(before?.day)}' + 6)::text as day`);
    expect(await rows(day)).toEqual([made]);
  });

  it("two merged customers become one, with the tier of their joint history", async () => {
    const [gone] = await rows(
      "select customer_id as id from scores where clv_tier = 'high' order by 1 limit 1",
    );
    const kept = await newCustomer(4);
    const [before] = await rows(
      `select count(*)::int as orders from orders where customer_id in ('${String(gone?.id)}', '${kept}')`,
    );
    await control(`customers/${String(gone?.id)}/merge`, { into: kept });
    const moved = `select count(*)::int as orders from orders where customer_id = '${kept}'`;
    await until("the orders are the other's", async () => {
      return (await rows(moved))[0]?.orders === before?.orders;
    });
    await until("the tags are those of one score", async () => {
      const [score] = await rows(
        `select clv_tier, buy_tier from scores where customer_id = '${kept}' and frequency > 0`,
      );
      const wanted = [`buy:${String(score?.buy_tier)}`, `clv:${String(score?.clv_tier)}`];
      return (await tagsOf(kept)).join() === wanted.join();
    });
    const left = `select 1 from scores where customer_id = '${String(gone?.id)}'`;
    await until("the other's score is gone", async () => (await rows(left)).length === 0);
  });

  it("after a change of time zone every purchase is on its day there", async () => {
    const zone = "Pacific/Kiritimati";
    const wrong = `select 1 from orders where day <> (processed_at at time zone '${zone}')::date`;
    expect((await rows(wrong)).length).toBeGreaterThan(0);
    await control("shop", { timeZone: zone });
    await until("no order is on another day", async () => (await rows(wrong)).length === 0);
  });

  it("revoking a scope stops the work that needs it, and granting it again resumes the work", async () => {
    const scopes = ["read_orders", "read_all_orders", "write_customers", "read_customer_merge"];
    const write = async () => {
      return (await merchant.progress()).find(({ task }) => task === "write");
    };
    await control("scopes", { scopes: scopes.filter((scope) => scope !== "write_customers") });
    await until("writing is shown as stopped", async () => {
      return (await write())?.errorCode === "shopify-access-denied";
    });
    await control("scopes", { scopes });
    await until("writing goes on", async () => (await write())?.state === "done");
  });

  it("a token that Shopify refuses is renewed once, and the work continues", async () => {
    const customer = await newCustomer(3);
    const [refused] = await rows("select access_token from sessions");
    await control("tokens/expire", {});
    ask = await openAdminApi(stack);
    await control("orders", { customerId: customer, amount: 150 });
    await changes(customer, NEW);
    expect(await rows("select access_token from sessions")).not.toEqual([refused]);
  });
});
