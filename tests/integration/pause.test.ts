import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { giveToken, installAndImport, loadApp } from "../setup/installed-app.ts";
import { KeptTables } from "../setup/kept-tables.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");
const quick = [
  ...["--customers", "300", "--seed", "3", "--plan", "enterprise"],
  ...["--bulk-latency-ms", "20", "--bulk-query-objects-per-second", "1000000"],
  ...["--bulk-mutation-lines-per-second", "300"],
];
const CUSTOMERS = `query ($after: String) {
  customers(first: 250, after: $after) {
    nodes { id tags metafields(first: 10, namespace: "encore") { nodes { key value } } }
    pageInfo { hasNextPage endCursor }
  }
}`;
/** Longer than a push takes to notice a pause. */
const A_WHILE_MS = 2_500;

async function load(simulator: RunningSimulator) {
  const app = await loadApp(simulator);
  const [pause, exclusion, enqueuing, pending, cleaning] = await Promise.all([
    import("#app/writeback/pause.server.ts"),
    import("#app/scoring/exclusion/exclusion.server.ts"),
    import("#app/scoring/run/enqueue-write.server.ts"),
    import("#app/scoring/store/pending-writes.server.ts"),
    import("#app/campaigns/clean-up.server.ts"),
  ]);
  return { ...app, ...pause, ...exclusion, ...enqueuing, ...pending, ...cleaning };
}

let simulator: RunningSimulator;
let app: Awaited<ReturnType<typeof load>>;
let scored: KeptTables;

beforeAll(async () => {
  simulator = await startSimulator("generated", quick);
  app = await load(simulator);
  await installAndImport(app, simulator, shop);
  expect((await app.runScoring(shop)).kind).toBe("scored");
  scored = new KeptTables(app.pool);
  await scored.keep();
});

beforeEach(async () => {
  await simulator.control("reset", {});
  await scored.restore();
  await giveToken(app, simulator, shop);
  await app.agreeToWriting(shop);
});

afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
});

type Customer = { id: string; tags: string[]; metafields: { nodes: { key: string }[] } };
type Page = {
  customers: { nodes: Customer[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
};

/** What Shopify has of ours: tags and metafields by the customer's number, where there are any. */
async function inShopify(): Promise<Map<string, { tags: string[]; metafields: string[] }>> {
  const found = new Map<string, { tags: string[]; metafields: string[] }>();
  for (let after: string | null = null; ;) {
    const { customers } = (await simulator.ask(CUSTOMERS, { after })) as Page;
    for (const { id, tags, metafields } of customers.nodes) {
      const ours = tags.map((tag) => tag.toLowerCase()).filter((tag) => /^(clv|buy):/.test(tag));
      const keys = metafields.nodes.map(({ key }) => key);
      if (ours.length + keys.length === 0) continue;
      found.set(id.slice(id.lastIndexOf("/") + 1), { tags: ours.sort(), metafields: keys });
    }
    if (!customers.pageInfo.hasNextPage) return found;
    after = customers.pageInfo.endCursor;
  }
}

async function expectWritten(): Promise<void> {
  const found = await inShopify();
  const { rows } = await app.pool.query<{ id: string; tags: string[] }>(
    "select customer_id as id, array['buy:' || buy_tier, 'clv:' || clv_tier] as tags from scores",
  );
  expect(found.size).toBe(rows.length);
  for (const { id, tags } of rows) expect([id, found.get(id)?.tags]).toEqual([id, tags]);
  for (const { metafields } of found.values()) expect(metafields).toContain("scored_at");
}

async function operations(): Promise<string[]> {
  const answer = (await simulator.ask(
    "{ bulkOperations(first: 250) { nodes { id status type } } }",
  )) as { bulkOperations: { nodes: { status: string; type: string }[] } };
  return answer.bulkOperations.nodes
    .filter(({ type }) => type === "MUTATION")
    .map(({ status }) => status);
}

async function pushes(): Promise<number> {
  const { rowCount } = await app.pool.query(
    "select 1 from pgboss.job where name = 'writeback.push' and state in ('created', 'retry')",
  );
  return rowCount ?? 0;
}

const forgetJobs = () => app.pool.query("delete from pgboss.job");

it("nothing is written during a pause, its size is shown, and the resumed write has all of it", async () => {
  await app.pauseWriting(shop);
  const { pausedAt } = await app.readWriting(shop);
  await app.pauseWriting(shop);
  expect(await app.runWriteback(shop)).toEqual({ kind: "paused" });
  expect(await inShopify()).toEqual(new Map());
  const scores = await app.prisma.score.count();
  const waiting = await app.readWriting(shop);
  expect(waiting.plan).toMatchObject({ customers: scores, tagsToAdd: 2 * scores });
  expect(waiting.pausedAt).toBe(pausedAt);
  expect(await app.prisma.progress.count({ where: { task: "write" } })).toBe(0);

  await forgetJobs();
  await app.resumeWriting(shop);
  expect(await pushes()).toBe(1);
  expect(await app.runWriteback(shop)).toEqual({ kind: "written" });
  await expectWritten();
  expect(await app.readWriting(shop)).toMatchObject({ pausedAt: null, plan: { customers: 0 } });
});

it("a write that runs stops, and what it had begun is neither lost nor done twice", async () => {
  const push = app.runWriteback(shop);
  const running = { where: { state: "running" } };
  while ((await app.prisma.writeBatch.count(running)) === 0) await sleep(5);
  await app.pauseWriting(shop);
  expect(await push).toEqual({ kind: "paused" });
  // Shopify carries out what it has accepted.
  const ended = async () => (await operations()).every((status) => status === "COMPLETED");
  await expect.poll(ended, { timeout: 30_000 }).toBe(true);
  const begun = (await operations()).length;
  const during = await inShopify();
  await sleep(A_WHILE_MS);
  expect(await app.runWriteback(shop)).toEqual({ kind: "paused" });
  expect(await inShopify()).toEqual(during);
  expect(await operations()).toHaveLength(begun);

  await app.resumeWriting(shop);
  expect(await app.runWriteback(shop)).toEqual({ kind: "written" });
  await expectWritten();
  const all = (await operations()).length;
  await app.runWriteback(shop);
  expect(await operations()).toHaveLength(all);
  // Tags and metafields of one page of customers: a file each.
  expect(all).toBe(2);
});

it("scores go on during a pause: who changed waits, and no write is enqueued", async () => {
  await app.runWriteback(shop);
  await app.pauseWriting(shop);
  await forgetJobs();
  const { rows } = await app.pool.query<{ id: string }>(
    `update scores set clv_tier = case clv_tier when 'high' then 'low' else 'high' end
      where customer_id in (select customer_id from scores order by customer_id limit 2)
     returning customer_id as id`,
  );
  const changed = rows.map(({ id }) => id);
  await app.inTransaction(async (client) => {
    await app.markPending(client, shop, changed);
    await app.enqueueWrite(client, shop);
    await app.applyExclusion(client, shop, []);
  });
  expect(await pushes()).toBe(0);
  const { plan } = await app.readWriting(shop);
  expect(plan).toMatchObject({ customers: 2, tagsToAdd: 2, tagsToRemove: 2 });
  await app.resumeWriting(shop);
  await app.runWriteback(shop);
  await expectWritten();
  await app.inTransaction((client) => app.enqueueWrite(client, shop));
  expect(await pushes()).toBe(1);
});

it("a target says since when writing is paused, and its segment is not judged meanwhile", async () => {
  await app.runWriteback(shop);
  const target = { axis: "clv", tier: "high" } as const;
  expect((await app.createTargetSegment(shop, target, "High")).kind).toBe("created");
  await app.pauseWriting(shop);
  expect((await app.readTarget(shop, target))?.pausedAt).not.toBeNull();
  await app.pool.query("update target_segments set check_at = now(), verdict = null");
  await app.runSegmentChecks(shop, new AbortController().signal);
  const due = "select 1 from target_segments where check_at <= now()";
  expect((await app.pool.query(due)).rowCount).toBe(1);
  await app.resumeWriting(shop);
  await app.runSegmentChecks(shop, new AbortController().signal);
  expect((await app.pool.query(due)).rowCount).toBe(0);
});

it("there is no pause before the agreement, and none is left after a clean-up", async () => {
  await app.pauseWriting(shop);
  await app.startCleanUp(shop);
  expect(await app.readWriting(shop)).toMatchObject({ agreedAt: null, pausedAt: null });
  await app.pauseWriting(shop);
  await app.resumeWriting(shop);
  expect(await app.readWriting(shop)).toMatchObject({ agreedAt: null, pausedAt: null });
  expect(await app.runWriteback(shop)).toEqual({ kind: "not-agreed" });
});
