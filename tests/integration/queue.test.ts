import { afterAll, afterEach, describe, expect, it } from "vitest";

import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { enqueue, stopQueue } from "#app/queue/queue.server.ts";

const shop = shopDomain("one.myshopify.com");

async function waiting(): Promise<number> {
  const result = await pool.query("select 1 from pgboss.job where state = 'created'");
  return result.rowCount ?? 0;
}

afterEach(async () => {
  await pool.query("delete from pgboss.job");
});

afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

describe("the queue", () => {
  it("keeps one waiting job per shop and task", async () => {
    expect(await enqueue("orders.import", { shop })).toEqual(expect.any(String));
    expect(await enqueue("orders.import", { shop })).toBeNull();
    await enqueue("scoring.run", { shop });
    await enqueue("orders.import", { shop: shopDomain("two.myshopify.com") });
    expect(await waiting()).toBe(3);
  });

  it("creates a job only when the enqueueing transaction commits", async () => {
    await enqueue("scoring.run", { shop: shopDomain("warm-up.myshopify.com") });
    await expect(
      inTransaction(async (client) => {
        await enqueue("orders.import", { shop }, { client });
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    expect(await waiting()).toBe(1);
    await inTransaction((client) => enqueue("orders.import", { shop }, { client }));
    expect(await waiting()).toBe(2);
  });
});
