import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { criteriaOf, type Target } from "#app/campaigns/target.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { cells } from "#app/scoring/store/totals.ts";
import { axes, tiers } from "#engine";

import { installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { deleteSegment, readSegments } from "../setup/segments.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");
const target: Target = { axis: "clv", tier: "high" };
const name = "Encore: High customer lifetime value";

let simulator: RunningSimulator;
let app: LoadedApp;

beforeAll(async () => {
  const flags = ["--customers", "300", "--seed", "3", "--bulk-latency-ms", "20"];
  simulator = await startSimulator("generated", flags);
  app = await loadApp(simulator);
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

const segments = () => readSegments(simulator);

const plain = "customer_tags CONTAINS 'clv:high'";
const fresh = "metafields.encore.scored_at >= -14d";

/** @returns the number of its gid */
async function addSegment(called: string, query: string): Promise<string> {
  const { segmentCreate } = (await simulator.ask(
    `mutation ($name: String!, $query: String!) {
       segmentCreate(name: $name, query: $query) { segment { id } } }`,
    { name: called, query },
  )) as { segmentCreate: { segment: { id: string } } };
  return segmentCreate.segment.id.replace("gid://shopify/Segment/", "");
}

/** Days are the shop's, as in the admin; without a zone Shopify counts members by days of UTC. */
async function timeZone(): Promise<string> {
  return (await app.prisma.shop.findUniqueOrThrow({ where: { shop } })).timeZone;
}

async function memberCount(segmentId: string): Promise<number> {
  const data = (await simulator.ask(
    `query ($id: ID!, $zone: String!) {
       customerSegmentMembers(segmentId: $id, timezone: $zone, first: 1) { totalCount } }`,
    { id: `gid://shopify/Segment/${segmentId}`, zone: await timeZone() },
  )) as { customerSegmentMembers: { totalCount: number } };
  return data.customerSegmentMembers.totalCount;
}

async function setScoredAt(customer: string, value: string): Promise<void> {
  await simulator.ask(
    `mutation ($metafields: [MetafieldsSetInput!]!) {
       metafieldsSet(metafields: $metafields) { userErrors { message } } }`,
    {
      metafields: [
        {
          ownerId: `gid://shopify/Customer/${customer}`,
          ...{ namespace: "encore", key: "scored_at", type: "date", value },
        },
      ],
    },
  );
}

function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}

async function setFilterable(enabled: boolean): Promise<void> {
  await simulator.ask(
    `mutation ($definition: MetafieldDefinitionUpdateInput!) {
       metafieldDefinitionUpdate(definition: $definition) { userErrors { message } } }`,
    {
      definition: {
        ...{ namespace: "encore", key: "scored_at", ownerType: "CUSTOMER" },
        capabilities: { adminFilterable: { enabled } },
      },
    },
  );
}

beforeEach(async () => {
  for (const { id } of await segments()) await deleteSegment(simulator, id);
  await app.pool.query("truncate target_segments");
  await app.pool.query("update shops set writing_agreed_at = now()");
});

async function create(of: Target = target) {
  const outcome = await app.createTargetSegment(shop, of, name);
  if (!("segment" in outcome)) throw new Error(`no segment: ${outcome.kind}`);
  return outcome;
}

describe("the segment of a target", () => {
  const tierTargets: Target[] = axes.flatMap((axis) => tiers.map((tier) => ({ axis, tier })));
  const cellTargets: Target[] = cells.map((cell) => ({ axis: "grid", ...cell }));

  it.each([...tierTargets, ...cellTargets])("holds exactly its customers: %o", async (one) => {
    const { segment } = await create(one);
    const data = (await simulator.ask(
      `query ($id: ID!) { customerSegmentMembers(segmentId: $id, first: 1000) {
         edges { node { id } } } }`,
      { id: `gid://shopify/Segment/${segment.segmentId}` },
    )) as { customerSegmentMembers: { edges: { node: { id: string } }[] } };
    const members = data.customerSegmentMembers.edges.map(({ node }) =>
      node.id.slice(node.id.lastIndexOf("/") + 1),
    );
    const { clv, buy } = criteriaOf(one);
    const where = { shop, ...(clv && { clvTier: clv }), ...(buy && { buyTier: buy }) };
    const scored = await app.prisma.score.findMany({ where });
    expect(members.sort()).toEqual(scored.map((row) => row.customerId).sort());
    const view = await app.readTarget(shop, one);
    const expected = scored.reduce((sum, row) => sum + row.expectedSpendMinor, 0);
    expect(view?.customers).toBe(members.length);
    expect(view?.expectedSpendMinor).toBeCloseTo(expected, -2);
    expect(view?.check?.verdict).not.toBe("differs");
    expect(view?.check ?? { expected: scored.length }).toMatchObject({ expected: scored.length });
  });

  it("is made by the first click and found by the second", async () => {
    const first = await create();
    const second = await create();
    expect(first.kind).toBe("created");
    expect(second).toEqual({ kind: "found", segment: first.segment });
    expect(await segments()).toEqual([
      {
        id: `gid://shopify/Segment/${first.segment.segmentId}`,
        name,
        query: "customer_tags CONTAINS 'clv:high' AND metafields.encore.scored_at >= -14d",
      },
    ]);
    expect(await app.readKnownSegments(shop)).toEqual({ "clv:high": first.segment });
  });

  it("excludes a customer whose score is older than two weeks", async () => {
    const { segment } = await create();
    const before = await memberCount(segment.segmentId);
    const row = await app.prisma.score.findFirstOrThrow({ where: { shop, clvTier: "high" } });
    const today = (await app.readDesiredOptions(shop))?.today ?? "";
    for (const [days, members] of [
      [14, before],
      [15, before - 1],
    ] as const) {
      await setScoredAt(row.customerId, daysBefore(today, days));
      expect(await memberCount(segment.segmentId)).toBe(members);
    }
    await setScoredAt(row.customerId, today);
  });

  it("uses the tag alone where Shopify does not filter by our metafield", async () => {
    await setFilterable(false);
    const { segment } = await create();
    expect(segment.query).toBe(plain);
    await app.renewSegments(shop);
    expect((await segments())[0]?.query).toBe(plain);
    expect((await app.prisma.targetSegment.findFirstOrThrow()).emptiesItself).toBe(false);
    await setFilterable(true);
  });

  it("is updated when it used the tag alone, unless the merchant made or changed it", async () => {
    const mine = await addSegment("Encore: Low purchase likelihood", "number_of_orders > 3");
    const old = await addSegment(name, plain);
    await app.pool.query(
      `insert into target_segments (shop, target_key, name, query, segment_id) values
         ($1, 'clv:high', $2, $3, $4), ($1, 'buy:low', 'Encore: Low purchase likelihood', 'x', $5)`,
      [shop, name, plain, old, mine],
    );
    await app.renewSegments(shop);
    const queries = (await segments()).map(({ query }) => query).sort();
    expect(queries).toEqual([`${plain} AND ${fresh}`, "number_of_orders > 3"]);
    expect((await create()).kind).toBe("found");
  });

  it("that the merchant made is shown, and recorded as the merchant's", async () => {
    const id = await addSegment("Best customers", plain);
    expect(await create()).toMatchObject({ kind: "found", segment: { segmentId: id } });
    expect((await create()).segment.name).toBe("Best customers");
    const { ours } = await app.prisma.targetSegment.findFirstOrThrow();
    expect(ours).toBe(false);
    await app.renewSegments(shop);
    expect((await segments())[0]?.query).toBe(plain);
  });

  it("is made once when two people click at the same time", async () => {
    const outcomes = await Promise.all([create(), create(), create()]);
    expect(new Set(outcomes.map(({ segment }) => segment.segmentId)).size).toBe(1);
    expect(await segments()).toHaveLength(1);
  });

  it("is found again when the response to its creation was lost", async () => {
    const first = await create();
    await app.pool.query("update target_segments set segment_id = null");
    expect(await create()).toEqual({ kind: "found", segment: first.segment });
    expect(await segments()).toHaveLength(1);
  });

  it("is made again when the merchant deleted it, and no longer shown until then", async () => {
    const first = await create();
    expect((await app.readTarget(shop, target))?.segment).toEqual(first.segment);
    await deleteSegment(simulator, `gid://shopify/Segment/${first.segment.segmentId}`);
    expect((await app.readTarget(shop, target))?.segment).toBeNull();
    const again = await create();
    expect(again.kind).toBe("created");
    expect(again.segment.segmentId).not.toBe(first.segment.segmentId);
  });

  it("is made again when the merchant changed the old one's query", async () => {
    const first = await create();
    const id = `gid://shopify/Segment/${first.segment.segmentId}`;
    await simulator.ask(
      `mutation ($id: ID!, $query: String!) {
         segmentUpdate(id: $id, query: $query) { userErrors { message } } }`,
      { id, query: "number_of_orders > 3" },
    );
    const again = await create();
    expect(again.kind).toBe("created");
    expect(again.segment.name).toBe(`${name} (2)`);
  });

  it("is not made before the merchant agreed to writing", async () => {
    await app.pool.query("update shops set writing_agreed_at = null");
    expect(await app.createTargetSegment(shop, target, name)).toEqual({ kind: "not-agreed" });
    expect((await app.readTarget(shop, target))?.canCreate).toBe(false);
    expect(await segments()).toEqual([]);
  });

  it("reports why Shopify refused it", async () => {
    const outcome = await app.createTargetSegment(shop, target, "x".repeat(256));
    expect(outcome).toEqual({ kind: "rejected", message: expect.stringContaining("Name") });
  });
});

describe("a target", () => {
  it("shows the five customers with the highest expected spend, with names that are not stored", async () => {
    const view = await app.readTarget(shop, target);
    const top = await app.prisma.score.findMany({
      where: { shop, clvTier: "high" },
      orderBy: { expectedSpendMinor: "desc" },
      take: 5,
    });
    expect(view?.examples.map(({ customerId }) => customerId)).toEqual(
      top.map((row) => row.customerId),
    );
    for (const example of view?.examples ?? []) {
      expect(example.name).toMatch(/\w+ \w+/);
      expect(example.spentMinor).toBeGreaterThan(0);
    }
    const { rows } = await app.pool.query(
      "select row_to_json(s)::text like '%' || $1 || '%' as found from scores s where customer_id = $2",
      [view?.examples[0]?.name, view?.examples[0]?.customerId],
    );
    expect(rows).toEqual([{ found: false }]);
  });

  it("is unknown in a shop whose last scoring was refused", async () => {
    const other = shopDomain("nobody.myshopify.com");
    await app.pool.query(
      `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
       values ($1, '1', 'Nobody', 'GBP', 'UTC', true)`,
      [other],
    );
    expect(await app.readTarget(other, target)).toBeNull();
  });
});
