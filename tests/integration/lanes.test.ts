import type { PgBoss } from "pg-boss";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { type ShopDomain, shopDomain } from "#app/lib/ids.ts";
import { enqueueThroughInbox } from "#app/queue/inbox.server.ts";
import {
  dependsOnShopSize,
  type Lane,
  lanesOf,
  LARGE_ORDERS,
  LARGE_PRIORITY,
  prioritiesOf,
  SMALL_PRIORITY,
} from "#app/queue/lanes.ts";
import { enqueue, startQueue, stopQueue, type TaskData } from "#app/queue/queue.server.ts";
import { taskNames } from "#app/queue/task-names.ts";

const large = ["big-1", "big-2", "big-3", "big-4"].map((one) => shopDomain(`${one}.myshopify.com`));
const small = shopDomain("small.myshopify.com");
let boss: PgBoss;

beforeAll(async () => {
  boss = await startQueue({ supervise: false });
});
beforeEach(async () => {
  await pool.query("delete from pgboss.job");
  await pool.query("truncate order_imports, webhook_inbox");
  await pool.query(
    `insert into order_imports (shop, id, state, object_count)
     select shop, 'i', 'done', $2 from unnest($1::text[]) as shop`,
    [large, LARGE_ORDERS + 1],
  );
  await pool.query(
    "insert into order_imports (shop, id, state, object_count) values ($1, 'i', 'done', $2)",
    [small, LARGE_ORDERS],
  );
});
afterAll(async () => {
  await boss.stop({ graceful: false });
  await stopQueue();
  await closeDatabase();
});

/** The jobs that a lane's free slots get when a worker fetches. */
async function take(lane: Lane): Promise<ShopDomain[]> {
  const shops: ShopDomain[] = [];
  for (let place = 0; place < lane.slots; place += 1) {
    const options = { groupConcurrency: 1, ...prioritiesOf(lane) };
    const jobs = await boss.fetch<TaskData>("scoring.run", options);
    shops.push(...jobs.map((job) => job.data.shop));
  }
  return shops;
}

describe("a worker", () => {
  const lane = (shops: Lane["shops"]) => lanesOf("scoring.run").find((one) => one.shops === shops)!;

  it("starts the work of a small shop while any number of large ones wait", async () => {
    for (const shop of large) await enqueue("scoring.run", { shop });
    await enqueue("scoring.run", { shop: small });
    expect(await take(lane("large"))).toEqual(large.slice(0, lane("large").slots));
    expect(await take(lane("small"))).toEqual([small]);
  });

  it("serves large shops in turn in their own slots", async () => {
    const others = ["a", "b", "c"].map((one) => shopDomain(`${one}.myshopify.com`));
    for (const shop of [...others, ...large]) await enqueue("scoring.run", { shop });
    expect(await take(lane("large"))).toEqual([large[0]]);
    // The running one was enqueued again, and is behind those that waited before.
    await enqueue("scoring.run", { shop: large[0]! });
    expect(await take(lane("large"))).toEqual([large[1]]);
  });

  it("knows a shop's size however the work was enqueued", async () => {
    const webhook = { topic: "shop/update", webhookId: "w", triggeredAt: null, resourceId: null };
    await inTransaction((client) => enqueue("scoring.run", { shop: large[0]! }, { client }));
    await enqueueThroughInbox("scoring.run", { shop: large[1]!, ...webhook, updatedAt: null });
    await enqueueThroughInbox("scoring.run", { shop: small, ...webhook, updatedAt: null });
    expect(await take(lane("small"))).toEqual([small]);
    const { rows } = await pool.query<{ priority: number }>(
      "select priority from pgboss.job where state = 'created'",
    );
    expect(rows).toEqual([{ priority: -1 }, { priority: -1 }]);
  });
});

/** Whether a job of that priority may use a slot of a lane. */
const takes = (lane: Lane, priority: number) => {
  const { minPriority = -Infinity, maxPriority = Infinity } = prioritiesOf(lane);
  return minPriority <= priority && priority <= maxPriority;
};

describe("the lanes of a worker", () => {
  it.each(taskNames)("have slots for %s of large shops and of small ones", (task) => {
    for (const priority of [SMALL_PRIORITY, LARGE_PRIORITY]) {
      const slots = lanesOf(task).filter((lane) => takes(lane, priority));
      expect(slots.reduce((sum, lane) => sum + lane.slots, 0)).toBeGreaterThan(0);
    }
  });

  it.each(taskNames.filter(dependsOnShopSize))(
    "reserve slots of %s that large shops cannot use",
    (task) => {
      const kept = lanesOf(task).filter((lane) => !takes(lane, LARGE_PRIORITY));
      expect(kept.reduce((sum, lane) => sum + lane.slots, 0)).toBeGreaterThan(0);
    },
  );

  it("let all shops share the slots of light tasks", () => {
    expect(dependsOnShopSize("orders.follow")).toBe(false);
    expect(dependsOnShopSize("scoring.rescore")).toBe(false);
    expect(dependsOnShopSize("scoring.run")).toBe(true);
  });
});
