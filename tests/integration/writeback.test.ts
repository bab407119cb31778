import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { giveToken, installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { KeptTables } from "../setup/kept-tables.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");
const quick = [
  ...["--customers", "700", "--seed", "3"],
  ...["--bulk-latency-ms", "20"],
  ...["--bulk-query-objects-per-second", "1000000"],
  ...["--bulk-mutation-lines-per-second", "20000"],
  ...["--plan", "enterprise"],
];

let simulator: RunningSimulator;
let app: LoadedApp;

let scored: KeptTables;

beforeAll(async () => {
  simulator = await startSimulator("generated", quick);
  app = await loadApp(simulator);
  await installAndImport(app, simulator, shop);
  const outcome = await app.runScoring(shop);
  expect(outcome.kind).toBe("scored");
  scored = new KeptTables(app.pool);
  await scored.keep();
});

afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
});

/** Resets Shopify and our tables to the state before anything was written. */
beforeEach(async () => {
  await simulator.control("reset", {});
  await scored.restore();
  await giveToken(app, simulator, shop);
});

type Customer = { id: string; tags: string[]; metafields: Record<string, string> };

/** Every customer in the Admin API, by number. */
async function everyCustomer(): Promise<Map<string, Customer>> {
  const found = new Map<string, Customer>();
  for (let after: string | null = null; ;) {
    const { customers } = (await simulator.ask(
      `query ($after: String) {
        customers(first: 100, after: $after) {
          nodes { id tags metafields(first: 10, namespace: "encore") { nodes { key value } } }
          pageInfo { hasNextPage endCursor }
        }
      }`,
      { after },
    )) as {
      customers: {
        nodes: {
          id: string;
          tags: string[];
          metafields: { nodes: { key: string; value: string }[] };
        }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
    };
    for (const { id, tags, metafields } of customers.nodes) {
      const number = id.slice(id.lastIndexOf("/") + 1);
      const values = Object.fromEntries(metafields.nodes.map(({ key, value }) => [key, value]));
      found.set(number, { id, tags, metafields: values });
    }
    if (!customers.pageInfo.hasNextPage) return found;
    after = customers.pageInfo.endCursor;
  }
}

/** In lower case: Shopify returns a tag in the case in which the shop used it first. */
const ours = (tags: string[]) =>
  tags
    .map((tag) => tag.toLowerCase())
    .filter((tag) => /^(clv|buy):/.test(tag))
    .sort();

/** Expects each scored customer to have exactly the tags of its score, and others none. */
async function expectWritten(except: readonly string[] = []): Promise<void> {
  const scores = await app.prisma.score.findMany({ where: { shop } });
  const scored = new Map(scores.map((score) => [score.customerId, score]));
  const customers = await everyCustomer();
  expect(customers.size).toBeGreaterThan(600);
  for (const [number, { tags, metafields }] of customers) {
    if (except.includes(number)) continue;
    const score = scored.get(number);
    if (!score) {
      expect([number, ours(tags), metafields]).toEqual([number, [], {}]);
      continue;
    }
    expect([number, ours(tags)]).toEqual([
      number,
      [`buy:${score.buyTier}`, `clv:${score.clvTier}`],
    ]);
    expect(metafields).toMatchObject({ clv_tier: score.clvTier, buy_tier: score.buyTier });
    expect(Number(metafields.expected_spend)).toBeCloseTo(score.expectedSpendMinor / 100, 2);
    expect(Number(metafields.buy_probability)).toBeCloseTo(score.buyProbability, 3);
    expect(metafields.next_order_to ?? null).toBe(
      score.nextOrderTo?.toISOString().slice(0, 10) ?? null,
    );
    expect(metafields.scored_at).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  }
}

async function tagCustomer(number: string, tags: string[], mutation = "tagsAdd"): Promise<void> {
  const reply = (await simulator.ask(
    `mutation ($id: ID!, $tags: [String!]!) { ${mutation}(id: $id, tags: $tags) { userErrors { message } } }`,
    { id: `gid://shopify/Customer/${number}`, tags },
  )) as Record<string, { userErrors: unknown[] }>;
  expect(reply[mutation]?.userErrors).toEqual([]);
}

type LeftBehind = { key: string; value: string; type: string };

async function setMetafield(number: string, { key, value, type }: LeftBehind) {
  const ownerId = `gid://shopify/Customer/${number}`;
  const reply = (await simulator.ask(
    `mutation ($metafields: [MetafieldsSetInput!]!) {
       metafieldsSet(metafields: $metafields) { userErrors { message } } }`,
    { metafields: [{ ownerId, namespace: "encore", key, value, type }] },
  )) as { metafieldsSet: { userErrors: unknown[] } };
  expect(reply.metafieldsSet.userErrors).toEqual([]);
}

async function someCustomers(count: number): Promise<string[]> {
  const rows = await app.prisma.score.findMany({ where: { shop }, take: count });
  return rows.map((row) => row.customerId);
}

/** Number of customers with something to write. */
async function left(): Promise<number> {
  const options = await app.readDesiredOptions(shop);
  if (!options) throw new Error("nothing was scored");
  return (await app.countPlan(shop, options)).customers;
}

/** Starts a push and stops it while Shopify processes its bulk mutation. */
async function stopWhileRunning(): Promise<void> {
  const stopping = new AbortController();
  const push = app.runWriteback(shop, { signal: stopping.signal });
  const running = { where: { state: "running" } };
  while ((await app.prisma.writeBatch.count(running)) === 0) await sleep(5);
  stopping.abort();
  await expect(push).rejects.toThrow();
}

/** Changes scores without the app, and has everybody compared as after a complete run. */
async function changeScores(statement: string, values: unknown[] = []): Promise<void> {
  await app.pool.query(statement, values);
  await app.pool.query("update shops set written_run_id = null");
}

async function bulkOperations(): Promise<number> {
  const { bulkOperations: operations } = (await simulator.ask(
    `{ bulkOperations(first: 250) { nodes { id } } }`,
  )) as { bulkOperations: { nodes: unknown[] } };
  return operations.nodes.length;
}

describe("writing to Shopify", () => {
  it("does nothing before the merchant agreed", async () => {
    expect(await app.runWriteback(shop)).toEqual({ kind: "not-agreed" });
    for (const { tags } of (await everyCustomer()).values()) expect(ours(tags)).toEqual([]);
    const { agreedAt, plan } = await app.readWriting(shop);
    expect(agreedAt).toBeNull();
    expect(plan.tagsToAdd).toBe(2 * (await app.prisma.score.count()));
  });

  it("gives every scored customer exactly its tags and metafields, and then has nothing left to do", async () => {
    await app.agreeToWriting(shop);
    expect(await app.runWriteback(shop)).toEqual({ kind: "written" });
    await expectWritten();
    const operations = await bulkOperations();
    expect(await left()).toBe(0);
    expect((await app.readWriting(shop)).failures).toEqual([]);
    const written = await app.pool.query("select max(written_at) from written_states");
    await app.runWriteback(shop);
    expect(await bulkOperations()).toBe(operations);
    expect((await app.pool.query("select max(written_at) from written_states")).rows).toEqual(
      written.rows,
    );
    const definitions = (await simulator.ask(
      `{ metafieldDefinitions(ownerType: CUSTOMER, namespace: "encore", first: 20) { nodes { key } } }`,
    )) as { metafieldDefinitions: { nodes: { key: string }[] } };
    expect(definitions.metafieldDefinitions.nodes).toHaveLength(7);
  });

  it("retries a failed line alone, reports customers who could not be written, and catches up later", async () => {
    const [full = "", merged = "", into = ""] = await someCustomers(3);
    await tagCustomer(
      full,
      Array.from({ length: 249 }, (_, n) => `tag-${String(n)}`),
    );
    await simulator.control(`customers/${merged}/merge`, { shop, into });
    await app.agreeToWriting(shop);
    await app.runWriteback(shop);
    await expectWritten([full]);
    expect((await app.readWriting(shop)).failures).toEqual([
      { code: "customer-missing", customers: 1 },
      { code: "customer-tag-limit", customers: 1 },
    ]);

    await tagCustomer(full, ["tag-0", "tag-1"], "tagsRemove");
    const operations = await bulkOperations();
    await app.runWriteback(shop);
    await expectWritten();
    expect(await bulkOperations()).toBe(operations);
    expect((await app.readWriting(shop)).failures).toEqual([
      { code: "customer-missing", customers: 1 },
    ]);
  });

  it("reaches the same end state when bulk operations end half-way", async () => {
    await app.agreeToWriting(shop);
    await app.runWriteback(shop);
    await changeScores(
      `update scores set clv_tier = case clv_tier when 'high' then 'low' else 'high' end`,
    );
    await simulator.control("faults", { failBulk: { count: 3 } });
    await app.runWriteback(shop);
    await expectWritten();
  });

  it("replaces what an earlier install left instead of duplicating it", async () => {
    const [one = "", two = "", three = ""] = await someCustomers(3);
    await tagCustomer(one, ["clv:high", "clv:moderate", "clv:low", "VIP"]);
    await tagCustomer(two, ["BUY:new", "buy:high"]);
    // No longer scored: nothing of ours may remain.
    await tagCustomer(three, ["clv:low"]);
    await setMetafield(three, {
      key: "expected_spend",
      value: "12.5",
      type: "number_decimal",
    });
    await setMetafield(three, { key: "next_order_to", value: "2026-01-31", type: "date" });
    await changeScores("delete from scores where customer_id = $1", [three]);
    await app.agreeToWriting(shop);
    await app.runWriteback(shop);
    await expectWritten();
    expect((await everyCustomer()).get(one)?.tags).toContain("VIP");
  });

  it("removes its tags and metafields from customers who are no longer scored", async () => {
    await app.agreeToWriting(shop);
    await app.runWriteback(shop);
    const gone = await someCustomers(60);
    await changeScores("delete from scores where customer_id = any($1)", [gone]);
    await app.runWriteback(shop);
    await expectWritten();
  });

  it("writes a few customers without a bulk operation", async () => {
    await app.agreeToWriting(shop);
    await app.runWriteback(shop);
    const operations = await bulkOperations();
    const few = await someCustomers(3);
    await changeScores(
      `update scores set buy_tier = 'new', next_order_from = null, next_order_to = null
        where customer_id = any($1)`,
      [few],
    );
    await app.runWriteback(shop);
    await expectWritten();
    expect(await bulkOperations()).toBe(operations);
  });

  it("resumes where it was stopped, at any point", async () => {
    await app.agreeToWriting(shop);
    for (const after of [150, 300, 450, 700]) {
      const stopping = AbortSignal.timeout(after);
      await app.runWriteback(shop, { signal: stopping }).catch((error: unknown) => {
        if (!stopping.aborted) throw error;
      });
    }
    await app.runWriteback(shop);
    await expectWritten();
  });

  it("finds an operation whose start was never recorded, instead of starting it twice", async () => {
    await app.agreeToWriting(shop);
    await stopWhileRunning();
    await app.pool.query(
      `update write_batches set state = 'uploaded', bulk_operation_id = null where state = 'running'`,
    );
    await app.runWriteback(shop);
    await expectWritten();
    const { bulkOperations: operations } = (await simulator.ask(
      `{ bulkOperations(first: 250, query: "operation_type:mutation") { nodes { query } } }`,
    )) as { bulkOperations: { nodes: { query: string }[] } };
    const queries = operations.nodes.map(({ query }) => query);
    expect(new Set(queries).size).toBe(queries.length);
  });

  it("does not let a worker that lost the lock change a finished batch", async () => {
    const { readBatch } = await import("#app/writeback/send/batches.server.ts");
    const { sendBatch } = await import("#app/writeback/send/send-batch.server.ts");
    const { adminClient } = await import("#app/shopify/api/client.server.ts");
    await app.agreeToWriting(shop);
    await stopWhileRunning();
    await app.pool.query(
      `update write_batches set state = 'uploaded', bulk_operation_id = null where state = 'running'`,
    );
    const { id } = await app.prisma.writeBatch.findFirstOrThrow({ where: { state: "uploaded" } });
    const lost = await readBatch(shop, id);
    await app.runWriteback(shop);
    const late = sendBatch(lost, { admin: adminClient(shop), onLines: () => Promise.resolve() });
    await expect(late).rejects.toThrow("was ended by somebody else");
    expect(await app.prisma.writeBatch.count({ where: { state: "running" } })).toBe(0);
    await app.runWriteback(shop);
    await expectWritten();
  });

  it("writes again what was sent so long ago that its result is no longer available", async () => {
    await app.agreeToWriting(shop);
    await stopWhileRunning();
    const lost = await app.pool.query(
      `update write_batches set created_at = now() - interval '8 days' where state = 'running'`,
    );
    expect(lost.rowCount).toBeGreaterThan(0);
    await changeScores("update scores set buy_tier = 'moderate' where buy_tier = 'high'");
    await app.runWriteback(shop);
    await expectWritten();
    expect(await app.prisma.writeBatch.count({ where: { state: "lost" } })).toBe(lost.rowCount);
  });

  it("writes again what Shopify has no record of", async () => {
    await app.agreeToWriting(shop);
    await stopWhileRunning();
    const lost = await app.pool.query(
      `update write_batches set bulk_operation_id = 'gid://shopify/BulkOperation/1'
        where state = 'running'`,
    );
    expect(lost.rowCount).toBeGreaterThan(0);
    await app.pool.query("update scores set buy_tier = 'moderate' where buy_tier = 'high'");
    await app.runWriteback(shop);
    await expectWritten();
    expect(await app.prisma.writeBatch.count({ where: { state: "lost" } })).toBe(lost.rowCount);
  });

  it("reads the state in Shopify again when the first reading failed", async () => {
    await app.agreeToWriting(shop);
    await simulator.control("faults", { failBulk: { count: 1 } });
    await tagCustomer((await someCustomers(1))[0]!, ["clv:high", "clv:low"]);
    await expect(app.runWriteback(shop)).rejects.toMatchObject({ code: "shopify-bulk-failed" });
    await app.runWriteback(shop);
    await expectWritten();
  });

  it("leaves alone a metafield that the merchant defined with another type", async () => {
    await simulator.ask(
      `mutation { metafieldDefinitionCreate(definition: {
         name: "Mine", namespace: "encore", key: "scored_at", ownerType: CUSTOMER,
         type: "number_integer" }) { userErrors { message } } }`,
    );
    await app.agreeToWriting(shop);
    await app.runWriteback(shop);
    expect((await app.readWriting(shop)).blockedMetafields).toEqual(["scored_at"]);
    const customers = await everyCustomer();
    const [one = ""] = await someCustomers(1);
    expect(customers.get(one)?.metafields).not.toHaveProperty("scored_at");
    expect(customers.get(one)?.metafields).toHaveProperty("clv_tier");
    expect(await left()).toBe(0);
  });

  it("writes nothing when the gate refused", async () => {
    await app.agreeToWriting(shop);
    await app.pool.query("update shops set full_history = false");
    await app.runScoring(shop);
    expect(await app.runWriteback(shop)).toEqual({ kind: "not-scored" });
    for (const { tags } of (await everyCustomer()).values()) expect(ours(tags)).toEqual([]);
  });
});
