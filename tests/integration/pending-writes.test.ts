import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");
const quick = [
  ...["--customers", "300", "--seed", "3", "--plan", "enterprise", "--bulk-latency-ms", "20"],
  ...["--bulk-query-objects-per-second", "1000000", "--bulk-mutation-lines-per-second", "20000"],
];

let simulator: RunningSimulator;
let app: LoadedApp;
let customers: string[];

beforeAll(async () => {
  simulator = await startSimulator("generated", quick);
  app = await loadApp(simulator);
  await installAndImport(app, simulator, shop);
  await app.runScoring(shop);
  await app.agreeToWriting(shop);
  await app.runWriteback(shop);
}, 120_000);

afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
});

beforeEach(async () => {
  await app.pool.query("update shops set written_run_id = null");
  await app.runWriteback(shop);
  customers = (await rows("select customer_id from scores order by customer_id")).map((row) =>
    String(row.customer_id),
  );
  expect(await waiting()).toEqual([]);
});

async function rows(statement: string, values: unknown[] = []) {
  return (await app.pool.query<Record<string, unknown>>(statement, values)).rows;
}

async function waiting(): Promise<string[]> {
  const found = await rows("select customer_id from pending_writes order by customer_id");
  return found.map((row) => String(row.customer_id));
}

/** Changes a tier as a rescoring would; without a pending write unless `told`. */
async function move(ids: string[], { told }: { told: boolean }): Promise<void> {
  await rows(
    `update scores set clv_tier = case clv_tier when 'high' then 'low' else 'high' end
      where customer_id = any($1)`,
    [ids],
  );
  if (!told) return;
  await rows(
    `insert into pending_writes (shop, customer_id) select $1, unnest($2::text[])
         on conflict (shop, customer_id) do update set mark = excluded.mark`,
    [shop, ids],
  );
}

async function tagsOf(customer: string): Promise<string[]> {
  const id = `gid://shopify/Customer/${customer}`;
  const data = (await simulator.ask("query ($id: ID!) { customer(id: $id) { tags } }", { id })) as {
    customer: { tags: string[] };
  };
  return data.customer.tags.filter((tag) => tag.startsWith("clv:"));
}

async function wantedOf(customer: string): Promise<string[]> {
  const [row] = await rows("select clv_tier from scores where customer_id = $1", [customer]);
  return [`clv:${String(row?.clv_tier)}`];
}

async function bulkOperations(): Promise<number> {
  return (await rows("select 1 from write_batches")).length;
}

describe("a push after the whole shop was written", () => {
  it("compares only customers with pending writes", async () => {
    const [one = "", other = ""] = customers;
    const before = await tagsOf(other);
    await move([one], { told: true });
    await move([other], { told: false });
    await app.runWriteback(shop);
    expect(await tagsOf(one)).toEqual(await wantedOf(one));
    expect(await tagsOf(other)).toEqual(before);
    expect(await waiting()).toEqual([]);
    await app.runScoring(shop);
    await app.runWriteback(shop);
    expect(await tagsOf(other)).toEqual(await wantedOf(other));
  });

  it("writes few by direct calls and many in bulk", async () => {
    const before = await bulkOperations();
    await move(customers.slice(0, 5), { told: true });
    await app.runWriteback(shop);
    expect(await bulkOperations()).toBe(before);
    const many = customers.slice(5, 105);
    await move(many, { told: true });
    await app.runWriteback(shop);
    expect(await bulkOperations()).toBeGreaterThan(before);
    for (const one of many) expect(await tagsOf(one)).toEqual(await wantedOf(one));
    expect(await waiting()).toEqual([]);
  });

  it("loses no pending write when it is stopped or Shopify fails", async () => {
    const some = customers.slice(0, 12);
    await move(some, { told: true });
    await simulator.control("tokens/expire", {});
    await expect(app.runWriteback(shop, { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(await waiting()).toEqual(some);
    await app.runWriteback(shop);
    expect(await waiting()).toEqual([]);
    for (const one of some) expect(await tagsOf(one)).toEqual(await wantedOf(one));
  });

  it("keeps the pending writes that Shopify refused, and retries them", async () => {
    const [one = "", other = ""] = customers;
    const filling = Array.from({ length: 248 }, (_, n) => `tag-${String(n)}`);
    await simulator.ask(
      `mutation ($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { userErrors { message } } }`,
      { id: `gid://shopify/Customer/${one}`, tags: filling },
    );
    await move([one, other], { told: true });
    await app.runWriteback(shop);
    expect(await waiting()).toEqual([one]);
    expect((await app.readWriting(shop)).failures).toEqual([
      { code: "customer-tag-limit", customers: 1 },
    ]);
    await simulator.ask(
      `mutation ($id: ID!, $tags: [String!]!) { tagsRemove(id: $id, tags: $tags) { userErrors { message } } }`,
      { id: `gid://shopify/Customer/${one}`, tags: filling },
    );
    await app.runWriteback(shop);
    expect(await tagsOf(one)).toEqual(await wantedOf(one));
    expect(await waiting()).toEqual([]);
    expect((await app.readWriting(shop)).failures).toEqual([]);
  });
});

describe("the dry run", () => {
  it("is computed once for each scoring run", async () => {
    await rows("update shops set writing_agreed_at = null");
    await rows("delete from written_states");
    const { plan } = await app.readWriting(shop);
    expect(plan.customers).toBe(customers.length);
    await rows("update scoring_runs set write_plan = jsonb_set(write_plan, '{customers}', '7')");
    expect((await app.readWriting(shop)).plan.customers).toBe(7);
    await app.runScoring(shop);
    expect((await app.readWriting(shop)).plan.customers).toBe(customers.length);
    await app.agreeToWriting(shop);
    await rows("update shops set known_read_at = null");
    await app.runWriteback(shop);
  });
});
