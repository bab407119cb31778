import { setTimeout as sleep } from "node:timers/promises";

import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  type MockInstance,
  vi,
} from "vitest";

import { queryOf, type SegmentForm } from "#app/campaigns/segment-query.ts";
import type { Target } from "#app/campaigns/target.ts";
import { shopDomain } from "#app/lib/ids.ts";

import { installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { deleteSegment, readSegments } from "../setup/segments.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");
const target: Target = { axis: "clv", tier: "high" };
const name = "Encore: High customer lifetime value";
const accepted = {
  ...{ metafields: "accepted", relativeDates: "accepted" },
  ...{ namedDates: "accepted", absoluteDates: "accepted" },
};
const LAG_MS = 8_000;
const never = new AbortController().signal;

let warned: MockInstance;
let simulator: RunningSimulator;
let app: LoadedApp;
let tier: string[];

beforeAll(async () => {
  const flags = ["--customers", "300", "--seed", "3", "--bulk-latency-ms", "20"];
  simulator = await startSimulator("generated", flags);
  app = await loadApp(simulator);
  warned = vi.spyOn((await import("#app/lib/log.server.ts")).log, "warn");
  await installAndImport(app, simulator, shop);
  await app.runScoring(shop);
  await app.agreeToWriting(shop);
  await app.runWriteback(shop);
  const scored = await app.prisma.score.findMany({ where: { shop, clvTier: "high" } });
  tier = scored.map(({ customerId }) => customerId).sort();
});
beforeEach(async () => {
  for (const { id } of await segments()) await deleteSegment(simulator, id);
  await app.pool.query("truncate target_segments");
  await app.pool.query("delete from pgboss.job");
  await app.pool.query("update written_states set written_at = now() - interval '2 hours'");
  await treat({});
  warned.mockClear();
});
afterEach(() => treat({}));
afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
});

const segments = () => readSegments(simulator);

/** Sets how the simulated Shopify handles the forms of a metafield filter. */
async function treat(forms: Partial<typeof accepted>): Promise<void> {
  await simulator.control("segments", { shop, forms: { ...accepted, ...forms } });
}

async function setQuery(id: string, query: string): Promise<void> {
  await simulator.ask(
    `mutation ($id: ID!, $query: String!) {
       segmentUpdate(id: $id, query: $query) { userErrors { message } } }`,
    { id, query },
  );
}

async function changeTag(field: "tagsAdd" | "tagsRemove", customers: string[]): Promise<void> {
  for (const id of customers) {
    await simulator.ask(
      `mutation ($id: ID!) { ${field}(id: $id, tags: ["clv:high"]) { userErrors { message } } }`,
      { id: `gid://shopify/Customer/${id}` },
    );
  }
}

async function membersOf(id: string): Promise<string[]> {
  const data = (await simulator.ask(
    `query ($id: ID!) { customerSegmentMembers(segmentId: $id, first: 1000) {
       edges { node { id } } } }`,
    { id },
  )) as { customerSegmentMembers: { edges: { node: { id: string } }[] } };
  const { edges } = data.customerSegmentMembers;
  return edges.map(({ node }) => node.id.slice(node.id.lastIndexOf("/") + 1)).sort();
}

const create = () => app.createTargetSegment(shop, target, name);
const known = () => app.prisma.targetSegment.findFirstOrThrow();
const row = async () => {
  const { query, verdict, checks, emptiesItself, found, expected } = await known();
  return { query, verdict, checks, emptiesItself, found, expected };
};
const secondsToNext = async () =>
  ((await known()).checkAt?.getTime() ?? 0) / 1000 - Date.now() / 1000;
const jobs = async () =>
  (await app.pool.query("select 1 from pgboss.job where name = 'segments.check'")).rows;
/** Stored to the millisecond, now() might be rounded into the future. */
const DUE = "check_at = now() - interval '1 second'";
const comparedNow = () => app.pool.query(`update target_segments set ${DUE}`);

/** Segments see the tags of the tier some seconds later. */
async function lag(): Promise<void> {
  await changeTag("tagsRemove", tier);
  await simulator.control("segments", { shop, lagMilliseconds: LAG_MS });
  await changeTag("tagsAdd", tier);
  await app.pool.query("update written_states set written_at = now()");
}

async function lagIsOver(): Promise<void> {
  await simulator.control("segments", { shop, lagMilliseconds: 0 });
  await sleep(LAG_MS);
  await app.pool.query("update written_states set written_at = now() - interval '2 hours'");
}

describe("while Shopify's index does not contain recent writes", () => {
  it("no query is considered misread, progress is shown, and the worker compares again later", async () => {
    await treat({ relativeDates: "nobody" });
    await lag();
    await create();
    const unknown = { query: queryOf(target, "relative"), verdict: null, found: 0, checks: 1 };
    expect(await row()).toMatchObject({ ...unknown, expected: tier.length });
    const view = await app.readTarget(shop, target);
    expect(view?.check).toEqual({ verdict: "unknown", found: 0, expected: tier.length });
    await app.enqueueSegmentChecks();
    expect(await jobs()).toEqual([]);
    expect(await secondsToNext()).toBeGreaterThan(250);

    await lagIsOver();
    await comparedNow();
    await Promise.all([app.enqueueSegmentChecks(), app.enqueueSegmentChecks()]);
    expect(await jobs()).toHaveLength(1);
    await app.runSegmentChecks(shop, never);
    expect(await row()).toMatchObject({ query: queryOf(target, "named"), verdict: "right" });
    expect(await secondsToNext()).toBeGreaterThan(6 * 86_400);
    const [made, ...others] = await segments();
    expect(others).toEqual([]);
    expect(await membersOf(made?.id ?? "")).toEqual(tier);
  }, 60_000);

  it("the wait doubles each time, up to a day", async () => {
    await app.pool.query("update written_states set written_at = now()");
    await treat({ relativeDates: "nobody" });
    await create();
    for (const [checks, seconds] of [
      [1, 600],
      [2, 1200],
      [3, 2400],
      [40, 86_400],
    ] as const) {
      await app.pool.query(`update target_segments set checks = $1, ${DUE}`, [checks]);
      await app.runSegmentChecks(shop, never);
      expect((await row()).checks).toBe(checks + 1);
      const wait = await secondsToNext();
      expect(wait).toBeGreaterThan(seconds - 30);
      expect(wait).toBeLessThan(seconds + 30);
    }
  });
});

const cases = (["refused", "nobody", "everybody"] as const).flatMap((how) => [
  [{ relativeDates: how }, "named"] as const,
  [{ namedDates: how }, "relative"] as const,
  [{ absoluteDates: how }, "relative"] as const,
  [{ metafields: how }, "tag"] as const,
  [{ relativeDates: how, namedDates: "refused" }, "tag"] as const,
  [{ relativeDates: how, namedDates: "nobody" }, "tag"] as const,
  [{ relativeDates: how, namedDates: "everybody" }, "tag"] as const,
]);
const days: Record<SegmentForm, number | null> = { relative: 14, named: 30, tag: null };

describe("a segment whose query Shopify refuses or misinterprets", () => {
  it.each(cases)("%j: becomes correct with the form %s", async (forms, form) => {
    await treat(forms);
    const outcome = await create();
    expect(outcome).toMatchObject({ kind: "created", segment: { name } });
    const made = await segments();
    expect(made.map(({ query }) => query)).toEqual([queryOf(target, form)]);
    expect(await membersOf(made[0]?.id ?? "")).toEqual(tier);
    const view = await app.readTarget(shop, target);
    expect(view?.emptiesAfterDays).toBe(days[form]);
    expect(view?.segment).toEqual("segment" in outcome && outcome.segment);
    const counts = { found: tier.length, expected: tier.length };
    expect(view?.check).toEqual({ verdict: "right", ...counts });
    // It does not change when requested again, or after the next write.
    expect(await create()).toMatchObject({ kind: "found", segment: view?.segment });
    await app.renewSegments(shop);
    await comparedNow();
    await app.runSegmentChecks(shop, never);
    expect(await segments()).toEqual(made);
  });

  it("is found again when the response to its creation was lost, whatever its form", async () => {
    for (const forms of [{ relativeDates: "refused" }, { metafields: "refused" }]) {
      await treat(forms);
      await create();
      const [made] = await segments();
      await app.pool.query("update target_segments set segment_id = null, query = $1", [
        queryOf(target, "relative"),
      ]);
      expect(await create()).toMatchObject({ kind: "found", segment: { query: made?.query } });
      expect(await segments()).toEqual([made]);
    }
  });

  it("has its misinterpretation logged", async () => {
    await treat({ relativeDates: "everybody" });
    await create();
    const facts = { target: "clv:high", form: "relative", tagged: tier.length };
    expect(warned).toHaveBeenCalledWith(
      expect.objectContaining(facts),
      "Shopify reads the query of a segment otherwise than it is meant",
    );
  });

  it("is detected even if it was correct before, or existed before comparisons", async () => {
    await create();
    await app.pool.query(
      "update target_segments set verdict = null, found = null, expected = null, checks = 0",
    );
    await treat({ metafields: "refused" });
    await comparedNow();
    await app.runSegmentChecks(shop, never);
    expect(await row()).toMatchObject({ query: queryOf(target, "tag"), verdict: "right" });
  });

  it("is not changed when the merchant made it, and shown as different", async () => {
    const query = queryOf(target, "relative");
    await simulator.ask(
      `mutation ($query: String!) { segmentCreate(name: "Mine", query: $query) {
         userErrors { message } } }`,
      { query },
    );
    await treat({ relativeDates: "nobody" });
    expect(await create()).toMatchObject({ kind: "found", segment: { name: "Mine", query } });
    expect(await row()).toMatchObject({ query, verdict: "differs", found: 0 });
    expect((await segments()).map((one) => one.query)).toEqual([query]);
  });

  it("is not changed when the merchant changed or deleted it", async () => {
    await create();
    const [made] = await segments();
    await setQuery(made?.id ?? "", "number_of_orders > 3");
    await comparedNow();
    await app.runSegmentChecks(shop, never);
    expect(await known()).toMatchObject({ checkAt: null, verdict: null });
    expect((await segments())[0]?.query).toBe("number_of_orders > 3");
  });

  it("is recognised when the worker was killed between changing and recording it", async () => {
    await treat({ relativeDates: "nobody" });
    await create();
    await app.pool.query(
      `update target_segments set query = $1, empties_itself = true, verdict = null, ${DUE}`,
      [queryOf(target, "relative")],
    );
    await app.runSegmentChecks(shop, never);
    const query = queryOf(target, "named");
    expect(await row()).toMatchObject({ query, verdict: "right", emptiesItself: true });
    expect((await segments()).map((one) => one.query)).toEqual([query]);
  });

  it("uses the tag alone where `scored_at` can no longer be written", async () => {
    await create();
    await app.pool.query("update shops set blocked_metafields = '{scored_at}'");
    await comparedNow();
    await app.runSegmentChecks(shop, never);
    expect(await row()).toMatchObject({ query: queryOf(target, "tag"), emptiesItself: false });
    await app.pool.query("update shops set blocked_metafields = '{}'");
  });
});

describe("a correctly interpreted segment that differs from its tier", () => {
  it("shows Shopify's count, keeps its query, and is correct again when the members are back", async () => {
    const some = tier.slice(0, 3);
    await changeTag("tagsRemove", some);
    await create();
    const counts = { found: tier.length - 3, expected: tier.length };
    expect(await row()).toMatchObject({ query: queryOf(target, "relative"), ...counts });
    const view = await app.readTarget(shop, target);
    expect(view?.check).toEqual({ verdict: "differs", ...counts });
    expect(warned).toHaveBeenCalledWith(
      expect.objectContaining({ tier: tier.length }),
      "Shopify finds other customers in a segment than there are in the tier",
    );
    expect(await secondsToNext()).toBeLessThan(86_500);
    await changeTag("tagsAdd", some);
    await comparedNow();
    await app.runSegmentChecks(shop, never);
    expect((await app.readTarget(shop, target))?.check?.verdict).toBe("right");
  });

  it("is not compared once the merchant ended the agreement", async () => {
    await create();
    await comparedNow();
    await app.pool.query("update shops set writing_agreed_at = null");
    await app.enqueueSegmentChecks();
    expect(await jobs()).toEqual([]);
    await treat({ relativeDates: "nobody" });
    await app.runSegmentChecks(shop, never);
    expect((await segments())[0]?.query).toBe(queryOf(target, "relative"));
    await app.pool.query("update shops set writing_agreed_at = now()");
  });
});
