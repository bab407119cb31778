import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { besideTransaction } from "../setup/beside-transaction.ts";
import { installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { deleteSegment } from "../setup/segments.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");
const quick = [
  ...["--customers", "300", "--seed", "3", "--plan", "enterprise"],
  ...["--bulk-latency-ms", "20", "--bulk-mutation-lines-per-second", "20000"],
];
const running = new AbortController().signal;

let simulator: RunningSimulator;
let app: LoadedApp;
let cleaning: Awaited<ReturnType<typeof loadCleaning>>;

/** It reads Shopify's address when it is loaded. */
async function loadCleaning() {
  const [cleanUp, agreement] = await Promise.all([
    import("#app/campaigns/clean-up.server.ts"),
    import("#app/shop/writing-agreement.server.ts"),
  ]);
  return { ...cleanUp, ...agreement };
}

beforeAll(async () => {
  simulator = await startSimulator("generated", quick);
  app = await loadApp(simulator);
  cleaning = await loadCleaning();
  await installAndImport(app, simulator, shop);
  await app.runScoring(shop);
});

afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
});

/**
 * All scores are written and two segments made; the merchant has tags, metafields and segments too.
 */
beforeEach(async () => {
  await app.pool.query("truncate clean_ups, written_states, write_batches, target_segments");
  await app.pool.query(
    "update shops set definitions_made_at = null, known_read_at = null, blocked_metafields = '{}'",
  );
  for (const { id } of await segments()) {
    await deleteSegment(simulator, id);
  }
  await app.agreeToWriting(shop);
  await app.runWriteback(shop);
  await create("high");
  await create("low");
});

function ask(query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  return simulator.ask(query, variables);
}

function create(tier: "high" | "low" | "new") {
  return app.createTargetSegment(shop, { axis: "clv", tier }, `Encore: ${tier}`);
}

async function segments(): Promise<{ id: string; name: string }[]> {
  const data = (await ask("{ segments(first: 100) { nodes { id name } } }")) as {
    segments: { nodes: { id: string; name: string }[] };
  };
  return data.segments.nodes;
}

async function addSegment(name: string, query: string): Promise<void> {
  await ask(
    `mutation ($name: String!, $query: String!) {
       segmentCreate(name: $name, query: $query) { userErrors { message } } }`,
    { name, query },
  );
}

/** Numbers of our tags and metafields on customers, and of our definitions. */
async function ourObjects() {
  const { customers, metafieldDefinitions } = (await ask(
    `{ customers(first: 250) {
         nodes { tags metafields(first: 10, namespace: "encore") { nodes { key } } } }
       metafieldDefinitions(ownerType: CUSTOMER, namespace: "encore", first: 50) {
         nodes { key } } }`,
  )) as {
    customers: { nodes: { tags: string[]; metafields: { nodes: { key: string }[] } }[] };
    metafieldDefinitions: { nodes: { key: string }[] };
  };
  const ours = /^(clv|buy):(high|moderate|low|new)$/;
  const all = customers.nodes;
  return {
    tags: all.flatMap(({ tags }) => tags.filter((tag) => ours.test(tag))).length,
    metafields: all.flatMap(({ metafields }) => metafields.nodes).length,
    definitions: metafieldDefinitions.nodes.length,
  };
}

const nothing = { tags: 0, metafields: 0, definitions: 0 };

async function customersOf(count: number): Promise<string[]> {
  const rows = await app.prisma.score.findMany({
    where: { shop },
    take: count,
    orderBy: { customerId: "asc" },
  });
  return rows.map(({ customerId }) => customerId);
}

async function addTags(number: string, tags: string[]): Promise<void> {
  await ask(
    `mutation ($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { userErrors { message } } }`,
    { id: `gid://shopify/Customer/${number}`, tags },
  );
}

async function tagsOf(number: string): Promise<string[]> {
  const { customer } = (await ask("query ($id: ID!) { customer(id: $id) { tags } }", {
    id: `gid://shopify/Customer/${number}`,
  })) as { customer: { tags: string[] } };
  return customer.tags;
}

describe("cleaning up", () => {
  it("removes tags, metafields, definitions and segments, and reports how many", async () => {
    const scored = await app.prisma.score.count({ where: { shop } });
    expect((await ourObjects()).tags).toBeGreaterThan(400);
    await cleaning.startCleanUp(shop);
    await cleaning.runCleanUp(shop, running);
    expect(await ourObjects()).toEqual(nothing);
    expect(await segments()).toEqual([]);
    expect(await cleaning.readCleanUp(shop)).toMatchObject({
      ...{ customers: scored, segments: 2, definitions: 7, left: [] },
      finishedAt: expect.any(String),
    });
  });

  it("ends the agreement: nothing is written until it is given again, and then everything", async () => {
    const before = await ourObjects();
    await cleaning.startCleanUp(shop);
    await app.agreeToWriting(shop);
    expect(await app.runWriteback(shop)).toEqual({ kind: "not-agreed" });
    expect(await create("new")).toEqual({ kind: "not-agreed" });
    expect((await app.readWriting(shop)).beingRemoved).toBe(true);
    await cleaning.runCleanUp(shop, running);
    expect(await app.readWriting(shop)).toMatchObject({ beingRemoved: false, removed: "all" });
    expect((await app.readWriting(shop)).plan.customers).toBeGreaterThan(200);
    await app.agreeToWriting(shop);
    expect(await app.runWriteback(shop)).toEqual({ kind: "written" });
    expect((await app.readWriting(shop)).removed).toBeNull();
    expect(await ourObjects()).toEqual(before);
  });

  it("leaves the merchant's own tags, metafields and segments", async () => {
    const [one = "", other = ""] = await customersOf(2);
    const own = ["clv:gold", "vip", "my buy:high list"];
    await addTags(one, own);
    await addSegment("Encore: mine", "number_of_orders > 3");
    await addSegment("Best customers", "customer_tags CONTAINS 'clv:new'");
    await create("new");
    await ask(
      `mutation ($metafields: [MetafieldsSetInput!]!) {
         metafieldsSet(metafields: $metafields) { userErrors { message } } }`,
      {
        metafields: [
          {
            ownerId: `gid://shopify/Customer/${other}`,
            ...{ namespace: "custom", key: "clv_tier", type: "single_line_text_field" },
            value: "mine",
          },
        ],
      },
    );
    await cleaning.startCleanUp(shop);
    await cleaning.runCleanUp(shop, running);
    expect(await tagsOf(one)).toEqual(expect.arrayContaining(own));
    expect((await ourObjects()).tags).toBe(0);
    expect((await segments()).map(({ name }) => name).sort()).toEqual([
      "Best customers",
      "Encore: mine",
    ]);
    const { customer } = (await ask(
      `query ($id: ID!) { customer(id: $id) {
         metafield(namespace: "custom", key: "clv_tier") { value } } }`,
      { id: `gid://shopify/Customer/${other}` },
    )) as { customer: { metafield: { value: string } } };
    expect(customer.metafield.value).toBe("mine");
    expect((await cleaning.readCleanUp(shop))?.left).toEqual([
      { kind: "segment", name: "Best customers", reason: "yours" },
    ]);
    expect((await app.readWriting(shop)).removed).toBe("some");
  });

  it("keeps a segment whose conditions the merchant changed, and reports it", async () => {
    const [{ id, name } = { id: "", name: "" }] = await segments();
    await ask(
      `mutation ($id: ID!) {
         segmentUpdate(id: $id, query: "number_of_orders > 3") { userErrors { message } } }`,
      { id },
    );
    await cleaning.startCleanUp(shop);
    await cleaning.runCleanUp(shop, running);
    expect(await cleaning.readCleanUp(shop)).toMatchObject({
      segments: 1,
      left: [{ kind: "segment", name, reason: "changed" }],
    });
    expect(await segments()).toHaveLength(1);
  });

  it("leaves a metafield that the merchant defined with another type", async () => {
    await app.pool.query("update shops set definitions_made_at = null");
    await ask(
      `mutation { metafieldDefinitionDelete(
         identifier: { ownerType: CUSTOMER, namespace: "encore", key: "scored_at" },
         deleteAllAssociatedMetafields: true) { userErrors { message } } }`,
    );
    await ask(
      `mutation { metafieldDefinitionCreate(definition: {
         name: "Mine", namespace: "encore", key: "scored_at", ownerType: CUSTOMER,
         type: "number_integer" }) { userErrors { message } } }`,
    );
    await cleaning.startCleanUp(shop);
    await cleaning.runCleanUp(shop, running);
    expect(await ourObjects()).toEqual({ ...nothing, definitions: 1 });
    await ask(
      `mutation { metafieldDefinitionDelete(
         identifier: { ownerType: CUSTOMER, namespace: "encore", key: "scored_at" },
         deleteAllAssociatedMetafields: true) { userErrors { message } } }`,
    );
  });

  it("finds unrecorded objects: tags by search, and a segment whose creation was not confirmed", async () => {
    await app.pool.query("delete from written_states");
    await app.pool.query("update shops set written_run_id = null");
    await app.pool.query("update target_segments set segment_id = null");
    await cleaning.startCleanUp(shop);
    await cleaning.runCleanUp(shop, running);
    expect(await ourObjects()).toEqual(nothing);
    expect(await segments()).toEqual([]);
  });

  it("removes values also where their definitions could not be made", async () => {
    for (const key of ["clv_tier", "expected_spend"]) {
      await ask(
        `mutation ($key: String!) { metafieldDefinitionDelete(
           identifier: { ownerType: CUSTOMER, namespace: "encore", key: $key }) {
             userErrors { message } } }`,
        { key },
      );
    }
    expect((await ourObjects()).metafields).toBeGreaterThan(500);
    await cleaning.startCleanUp(shop);
    await cleaning.runCleanUp(shop, running);
    expect(await ourObjects()).toEqual(nothing);
  });

  it("resumes where it was stopped, at any point", async () => {
    await cleaning.startCleanUp(shop);
    let stops = 0;
    for (let wait = 5; ; wait = Math.ceil(wait * 1.5)) {
      const stopping = new AbortController();
      const run = cleaning.runCleanUp(shop, stopping.signal).then(
        () => "ended",
        () => "stopped",
      );
      await Promise.race([run, sleep(wait)]);
      stopping.abort();
      if ((await run) === "ended") break;
      stops += 1;
    }
    expect(stops).toBeGreaterThan(3);
    expect(await ourObjects()).toEqual(nothing);
    expect(await segments()).toEqual([]);
    expect((await cleaning.readCleanUp(shop))?.left).toEqual([]);
  });

  it("also counts what was deleted just before a kill", async () => {
    await cleaning.startCleanUp(shop);
    // Deletions in Shopify are recorded in these tables: the task waits for the lock there, and is
    // killed.
    for (const table of ["target_segments", "written_states"]) {
      await besideTransaction(app.pool, async (client) => {
        await client.query(`LOCK table ${table} in share MODE`);
        const run = cleaning.runCleanUp(shop, running);
        const cut = expect(run).rejects.toThrow();
        const waiting = `select pid from pg_locks where not granted and relation = '${table}'::regclass`;
        await expect
          .poll(async () => (await client.query(waiting)).rowCount, { timeout: 30_000 })
          .toBe(1);
        await client.query(`select pg_terminate_backend(pid) from (${waiting}) as waits`);
        await cut;
      });
    }
    expect([await segments(), (await ourObjects()).definitions]).toEqual([[], 6]);
    await cleaning.runCleanUp(shop, running);
    expect(await cleaning.readCleanUp(shop)).toMatchObject({
      ...{ segments: 2, definitions: 7, left: [] },
      finishedAt: expect.any(String),
    });
  });

  it("runs once when requested twice, and again when requested after its end", async () => {
    await cleaning.startCleanUp(shop);
    await cleaning.startCleanUp(shop);
    await cleaning.runCleanUp(shop, running);
    const first = await cleaning.readCleanUp(shop);
    await cleaning.runCleanUp(shop, running);
    expect(await cleaning.readCleanUp(shop)).toEqual(first);
    await cleaning.startCleanUp(shop);
    await cleaning.runCleanUp(shop, running);
    expect(await cleaning.readCleanUp(shop)).toMatchObject({ customers: 0, segments: 0 });
  });

  it("stops a running write, and removes what it had written", async () => {
    await app.pool.query("delete from written_states");
    await app.pool.query("update shops set written_run_id = null");
    const agreement = cleaning.watchWriting(shop);
    const writing = app.runWriteback(shop);
    await cleaning.startCleanUp(shop);
    await expect.poll(() => agreement.ended.aborted, { timeout: 30_000 }).toBe(true);
    agreement.close();
    await writing;
    await cleaning.runCleanUp(shop, running);
    expect(await ourObjects()).toEqual(nothing);
  });
});
