import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { customerId, shopDomain } from "#app/lib/ids.ts";

import { installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");
const quick = [
  ...["--customers", "400", "--seed", "3", "--plan", "enterprise"],
  ...["--bulk-latency-ms", "20", "--bulk-mutation-lines-per-second", "20000"],
];

let simulator: RunningSimulator;
let app: LoadedApp;
let exclusion: Awaited<ReturnType<typeof loadExclusion>>;

/** It reads Shopify's address when it is loaded. */
async function loadExclusion() {
  const [byHand, byTag, customers] = await Promise.all([
    import("#app/scoring/exclusion/exclusion.server.ts"),
    import("#app/scoring/exclusion/exclusion-tag.server.ts"),
    import("#app/scoring/views/customer.server.ts"),
  ]);
  return { ...byHand, ...byTag, ...customers };
}

beforeAll(async () => {
  simulator = await startSimulator("generated", quick);
  app = await loadApp(simulator);
  exclusion = await loadExclusion();
  await installAndImport(app, simulator, shop);
  await app.runScoring(shop);
  await app.agreeToWriting(shop);
  await app.runWriteback(shop);
});

afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
});

beforeEach(async () => {
  await app.pool.query("truncate excluded_customers, changed_customers");
  await app.pool.query("update shops set exclusion_tag = null, exclusion_read_at = null");
  await app.runScoring(shop);
  await app.pool.query("delete from pgboss.job");
});

async function scoredCustomers(count: number) {
  const rows = await app.prisma.score.findMany({
    where: { shop },
    take: count,
    orderBy: { customerId: "asc" },
  });
  return rows.map((row) => customerId(row.customerId));
}

/** A customer in Shopify: our tags and those that begin with a V, and our metafields. */
async function inShopify(id: string): Promise<{ tags: string[]; metafields: number }> {
  const { customer } = (await simulator.ask(
    `query ($id: ID!) { customer(id: $id) {
       tags metafields(first: 10, namespace: "encore") { nodes { key } } } }`,
    { id: `gid://shopify/Customer/${id}` },
  )) as { customer: { tags: string[]; metafields: { nodes: unknown[] } } };
  const tags = customer.tags.filter((each) => /^(clv:|buy:|v)/.test(each));
  return { tags, metafields: customer.metafields.nodes.length };
}

async function change(mutation: "tagsAdd" | "tagsRemove", id: string, tags: string[]) {
  await simulator.ask(
    `mutation ($id: ID!, $tags: [String!]!) { ${mutation}(id: $id, tags: $tags) { userErrors { message } } }`,
    { id: `gid://shopify/Customer/${id}`, tags },
  );
}

/** Numbers of rows about a customer's scores. */
async function kept(id: string): Promise<number> {
  const { rows } = await app.pool.query<{ count: number }>(
    `select sum(n)::int as count from (
       select count(*) as n from scores where customer_id = $1
       union all select count(*) from score_history where customer_id = $1
       union all select count(*) from tier_changes where customer_id = $1) all_of_them`,
    [id],
  );
  return rows[0]?.count ?? -1;
}

async function waiting(): Promise<string[]> {
  const { rows } = await app.pool.query<{ name: string }>(
    "select name from pgboss.job where state = 'created' order by name",
  );
  return rows.map((row) => row.name);
}

async function excluded(): Promise<string[]> {
  const { rows } = await app.pool.query<{ customer_id: string }>(
    "select distinct customer_id from excluded_customers order by 1",
  );
  return rows.map((row) => row.customer_id);
}

describe("an opted-out customer", () => {
  it("loses scores, tags and metafields, stays out of every scoring, and can be opted in again", async () => {
    const [one, other] = await scoredCustomers(2);
    await change("tagsAdd", one!, ["vip"]);
    const total = await app.prisma.score.count({ where: { shop } });
    expect(await exclusion.optOut(shop, one!)).toBe(true);
    expect(await kept(one!)).toBe(0);
    expect(await waiting()).toEqual(["scoring.rescore", "writeback.push"]);
    expect(await app.prisma.scoringRun.count({ where: { shop, redactedAt: null } })).toBe(0);

    expect(await app.runWriteback(shop)).toEqual({ kind: "written" });
    expect(await inShopify(one!)).toEqual({ tags: ["vip"], metafields: 0 });
    expect((await inShopify(other!)).metafields).toBeGreaterThan(0);

    await app.runScoring(shop);
    await app.runWriteback(shop);
    expect(await kept(one!)).toBe(0);
    expect(await inShopify(one!)).toEqual({ tags: ["vip"], metafields: 0 });
    const run = await app.prisma.scoringRun.findFirstOrThrow({
      where: { shop, reconstructed: false },
      orderBy: { createdAt: "desc" },
    });
    expect(run.basis).toMatchObject({ excluded: { customers: 1 } });
    expect(run.totals).toMatchObject({ customers: total - 1 });
    expect(await exclusion.readCustomer(shop, one!)).toMatchObject({
      kind: "unscored",
      view: { exclusions: [{ source: "merchant" }] },
    });

    await exclusion.optIn(shop, one!);
    expect(await exclusion.readCustomer(shop, one!)).toMatchObject({
      kind: "unscored",
      view: { exclusions: [] },
    });
    await app.runScoring(shop);
    await app.runWriteback(shop);
    expect((await inShopify(one!)).tags).toHaveLength(3);
    expect(await exclusion.readCustomer(shop, one!)).toMatchObject({ kind: "scored" });
  });

  it("gets no score from a run that was in progress", async () => {
    const some = await scoredCustomers(3);
    const scoring = app.runScoring(shop);
    for (const one of some) await exclusion.optOut(shop, one);
    await scoring;
    for (const one of some) expect(await kept(one)).toBe(0);
  });

  it("loses its tags even if the gate refuses the shop", async () => {
    const [one, other] = await scoredCustomers(2);
    await app.runWriteback(shop);
    await app.pool.query("update shops set full_history = false");
    await app.runScoring(shop);
    await exclusion.optOut(shop, one!);
    expect(await app.runWriteback(shop)).toEqual({ kind: "not-scored" });
    expect((await inShopify(one!)).metafields).toBe(0);
    expect((await inShopify(other!)).tags.filter((each) => /^(clv|buy):/.test(each))).toHaveLength(
      2,
    );
    await app.pool.query("update shops set full_history = true");
    await app.runScoring(shop);
  });

  it("must be a customer of the shop", async () => {
    expect(await exclusion.optOut(shop, customerId("404"))).toBe(false);
    expect(await exclusion.optOut(shopDomain("other.myshopify.com"), customerId("1"))).toBe(false);
    expect(await excluded()).toEqual([]);
    expect(await waiting()).toEqual([]);
  });
});

describe("the exclusion tag", () => {
  it("opts out exactly the customers with it, whatever characters it has", async () => {
    const [one, two, three] = await scoredCustomers(3);
    await change("tagsAdd", one!, ["No scoring, please: it's me*"]);
    await change("tagsAdd", two!, ["no scoring"]);
    await change("tagsAdd", three!, ["no scoring at all"]);
    await exclusion.chooseExclusionTag(shop, "No Scoring");
    expect(await waiting()).toEqual(["scoring.exclude"]);
    await exclusion.readTaggedExclusions(shop);
    expect(await excluded()).toEqual([one!, two!].sort());
    expect(await kept(two!)).toBe(0);
    expect(await waiting()).toEqual(["scoring.exclude", "scoring.rescore", "writeback.push"]);

    await exclusion.chooseExclusionTag(shop, "please: it's me*");
    await exclusion.readTaggedExclusions(shop);
    expect(await excluded()).toEqual([one]);
  });

  it("is read once a day, and opts customers in who no longer have it", async () => {
    const [one] = await scoredCustomers(1);
    await change("tagsAdd", one!, ["for-a-day"]);
    await exclusion.chooseExclusionTag(shop, "for-a-day");
    await exclusion.readTaggedExclusionsOfToday(shop);
    expect(await excluded()).toEqual([one]);
    await change("tagsRemove", one!, ["for-a-day"]);
    await exclusion.readTaggedExclusionsOfToday(shop);
    expect(await excluded()).toEqual([one]);
    await app.pool.query("update shops set exclusion_read_at = now() - interval '1 day'");
    await exclusion.readTaggedExclusionsOfToday(shop);
    expect(await excluded()).toEqual([]);
  });

  it("leaves customers opted out by hand when it is removed", async () => {
    const [one, two] = await scoredCustomers(2);
    await change("tagsAdd", one!, ["left-out"]);
    await exclusion.chooseExclusionTag(shop, "left-out");
    await exclusion.readTaggedExclusions(shop);
    await exclusion.optOut(shop, one!);
    await exclusion.optOut(shop, two!);
    await exclusion.optIn(shop, one!);
    expect(await excluded()).toEqual([one!, two!].sort());
    await exclusion.chooseExclusionTag(shop, null);
    expect(await excluded()).toEqual([two]);
  });

  it("does not delay a scoring when Shopify does not answer", async () => {
    await exclusion.chooseExclusionTag(shop, "left-out");
    await app.pool.query("update sessions set id = 'lost'");
    await exclusion.readTaggedExclusionsOfToday(shop);
    await expect(exclusion.readTaggedExclusions(shop)).rejects.toThrow();
    const { exclusionReadAt } = await app.prisma.shop.findUniqueOrThrow({ where: { shop } });
    expect(exclusionReadAt).toBeNull();
    await app.pool.query("update sessions set id = $1", [`offline_${shop}`]);
  });
});
