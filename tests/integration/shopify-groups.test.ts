import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";
import { rfmGroups } from "#app/shopify/resources/customer-groups.ts";

import { setClock } from "../setup/clock.ts";
import { installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const shop = shopDomain("generated.myshopify.com");
const DAY = 86_400_000;

let simulator: RunningSimulator;
let app: LoadedApp;
let follow: (at: number) => Promise<void>;
const start = Date.now();
/** When they were first read. */
let readFirst: number;

beforeAll(async () => {
  simulator = await startSimulator("generated", [
    ...["--customers", "400", "--seed", "3", "--plan", "enterprise", "--bulk-latency-ms", "20"],
  ]);
  app = await loadApp(simulator);
  const { followShopifyGroups } = await import("#app/scoring/run/follow-shopify-groups.server.ts");
  follow = async (at) => {
    setClock(new Date(at).toISOString());
    await followShopifyGroups(shop);
  };
  await installAndImport(app, simulator, shop);
});

afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
});

async function kept() {
  const { rows } = await app.pool.query<{ customer_id: string; rfm: number | null }>(
    "select customer_id, rfm from shopify_groups where shop = $1 order by customer_id",
    [shop],
  );
  return rows;
}

async function readAt() {
  const { groupsReadAt } = await app.prisma.shop.findUniqueOrThrow({ where: { shop } });
  return groupsReadAt?.getTime() ?? null;
}

// One story: each test goes on from the one before.
describe.sequential("Shopify's own groups", { shuffle: false }, () => {
  it("are not read before the first scoring, which nobody should wait for", async () => {
    await follow(start);
    expect(await readAt()).toBeNull();
    await app.runScoring(shop);
  });

  it("are read of every customer who ordered, and kept with the scores of the next run", async () => {
    await follow(start);
    readFirst = (await readAt()) ?? 0;
    expect(readFirst).toBeGreaterThanOrEqual(start);
    const groups = await kept();
    const { rows } = await app.pool.query<{ customer_id: string }>(
      "select distinct customer_id from orders where shop = $1 and customer_id is not null",
      [shop],
    );
    expect(groups.length).toBeGreaterThanOrEqual(rows.length);
    expect(groups.every(({ rfm }) => rfm !== null && rfm < rfmGroups.length)).toBe(true);
    await app.runScoring(shop);
    const history = await app.pool.query<{ customer_id: string; shopify_rfm: number | null }>(
      `select customer_id, shopify_rfm from score_history
        where shop = $1 and not reconstructed order by customer_id`,
      [shop],
    );
    const of = new Map(groups.map(({ customer_id, rfm }) => [customer_id, rfm]));
    expect(history.rows.length).toBeGreaterThan(300);
    for (const { customer_id, shopify_rfm } of history.rows) {
      expect(shopify_rfm).toBe(of.get(customer_id));
    }
  });

  it("are read once a week", async () => {
    await app.pool.query("delete from shopify_groups");
    await follow(readFirst + 7 * DAY - 60_000);
    expect(await kept()).toEqual([]);
    expect(await readAt()).toBe(readFirst);
    await follow(readFirst + 7 * DAY);
    expect((await kept()).length).toBeGreaterThan(300);
    expect(await readAt()).toBeGreaterThanOrEqual(readFirst + 7 * DAY);
  });

  it("stay as they were when Shopify cannot be used, and the next day tries again", async () => {
    const [before, at] = [await kept(), await readAt()];
    await app.pool.query("update sessions set access_token = 'lost', refresh_token = 'lost'");
    await follow(readFirst + 15 * DAY);
    expect(await kept()).toEqual(before);
    expect(await readAt()).toBe(at);
  });
});
