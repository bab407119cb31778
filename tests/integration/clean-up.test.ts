import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";
import { installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { besideTransaction } from "../setup/beside-transaction.ts";
import { deleteSegment } from "../setup/segments.ts";
import { startSimulator, type RunningSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");
const quick = [
  ...["--customers", "300", "--seed", "3", "--plan", "enterprise"],
  ...["--bulk-latency-ms", "20", "--bulk-mutation-lines-per-second", "20000"],
];
const running = new AbortController().signal;

let simulator: RunningSimulator;
let app: LoadedApp;
let cleaning: Awaited<ReturnType<typeof loadCleaning>>;

/** It reads where Shopify is when it is loaded. */
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

/** All scores are written, and two segments made; the merchant's own things stand beside ours. */
beforeEach(async () => {
  await app.pool.query("TRUNCATE clean_ups, written_states, write_batches, target_segments");
  await app.pool.query(
    "UPDATE shops SET definitions_made_at = NULL, known_read_at = NULL, blocked_metafields = '{}'",
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

/** How many tags and metafields of ours stand on customers, and how many definitions. */
async function standing() {
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
  it("removes tags, metafields, definitions and segments, and says how many", async () => {
    const scored = await app.prisma.score.count({ where: { shop } });
    expect((await standing()).tags).toBeGreaterThan(400);
    await cleaning.startCleanUp(shop);
    await cleaning.runCleanUp(shop, running);
    expect(await standing()).toEqual(nothing);
    expect(await segments()).toEqual([]);
    expect(await cleaning.readCleanUp(shop)).toMatchObject({
      ...{ customers: scored, segments: 2, definitions: 7, left: [] },
      finishedAt: expect.any(String),
    });
  });

  it("ends the agreement: nothing is written until it is given anew, and then all of it", async () => {
    const before = await standing();
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
    expect(await standing()).toEqual(before);
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
    expect((await standing()).tags).toBe(0);
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

  it("leaves a segment whose conditions the merchant changed, and says so", async () => {
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
    await app.pool.query("UPDATE shops SET definitions_made_at = NULL");
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
    expect(await standing()).toEqual({ ...nothing, definitions: 1 });
    await ask(
      `mutation { metafieldDefinitionDelete(
         identifier: { ownerType: CUSTOMER, namespace: "encore", key: "scored_at" },
         deleteAllAssociatedMetafields: true) { userErrors { message } } }`,
    );
  });

  it("finds what is not known to stand: tags by search, a segment whose making was not answered", async () => {
    await app.pool.query("DELETE FROM written_states");
    await app.pool.query("UPDATE shops SET written_run_id = NULL");
    await app.pool.query("UPDATE target_segments SET segment_id = NULL");
    await cleaning.startCleanUp(shop);
    await cleaning.runCleanUp(shop, running);
    expect(await standing()).toEqual(nothing);
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
    expect((await standing()).metafields).toBeGreaterThan(500);
    await cleaning.startCleanUp(shop);
    await cleaning.runCleanUp(shop, running);
    expect(await standing()).toEqual(nothing);
  });

  it("goes on where it was stopped, at whatever point", async () => {
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
    expect(await standing()).toEqual(nothing);
    expect(await segments()).toEqual([]);
    expect((await cleaning.readCleanUp(shop))?.left).toEqual([]);
  });

  it("counts also what was deleted just before it was killed", async () => {
    await cleaning.startCleanUp(shop);
    // What was deleted in Shopify is noted in these tables: there it waits, and is cut off.
    for (const table of ["target_segments", "written_states"]) {
      await besideTransaction(app.pool, async (client) => {
        await client.query(`LOCK TABLE ${table} IN SHARE MODE`);
        const run = cleaning.runCleanUp(shop, running);
        const cut = expect(run).rejects.toThrow();
        const waiting = `SELECT pid FROM pg_locks WHERE NOT granted AND relation = '${table}'::regclass`;
        await expect
          .poll(async () => (await client.query(waiting)).rowCount, { timeout: 30_000 })
          .toBe(1);
        await client.query(`SELECT pg_terminate_backend(pid) FROM (${waiting}) AS waits`);
        await cut;
      });
    }
    expect([await segments(), (await standing()).definitions]).toEqual([[], 6]);
    await cleaning.runCleanUp(shop, running);
    expect(await cleaning.readCleanUp(shop)).toMatchObject({
      ...{ segments: 2, definitions: 7, left: [] },
      finishedAt: expect.any(String),
    });
  });

  it("is asked for twice and done once, and again when it is over", async () => {
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

  it("tells a write that is under way to stop, and removes what it had written", async () => {
    await app.pool.query("DELETE FROM written_states");
    await app.pool.query("UPDATE shops SET written_run_id = NULL");
    const agreement = cleaning.watchAgreement(shop);
    const writing = app.runWriteback(shop);
    await cleaning.startCleanUp(shop);
    await expect.poll(() => agreement.ended.aborted, { timeout: 30_000 }).toBe(true);
    agreement.close();
    await writing;
    await cleaning.runCleanUp(shop, running);
    expect(await standing()).toEqual(nothing);
  });
});
