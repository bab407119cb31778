import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { readProgress, setProgress } from "#app/queue/progress.server.ts";
import { enqueue, stopQueue } from "#app/queue/queue.server.ts";
import { parseProgressTask, retryTask } from "#app/queue/retry.server.ts";

const shop = shopDomain("retry.myshopify.com");

async function waitingJobs(): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    "select name from pgboss.job where state = 'created' and data->>'shop' = $1",
    [shop],
  );
  return rows.map(({ name }) => name);
}

beforeAll(async () => {
  // The queue's tables are created by the first process that enqueues.
  await enqueue("scoring.run", { shop: shopDomain("another.myshopify.com") });
});

beforeEach(async () => {
  await pool.query("delete from progress where shop = $1", [shop]);
});

afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

describe("a failed task", () => {
  it("is enqueued once, however often the button is pressed", async () => {
    await setProgress(shop, "import", {
      state: "failed",
      done: 10,
      total: null,
      errorCode: "shopify-unreachable",
    });
    await retryTask(shop, "import");
    await retryTask(shop, "import");
    expect(await waitingJobs()).toEqual(["orders.import"]);
    expect(await readProgress(shop)).toEqual([
      { task: "import", state: "waiting", done: 10, total: null, errorCode: null },
    ]);
  });

  it("is not enqueued while it is running or done", async () => {
    await setProgress(shop, "score", { state: "running", done: 1, total: 14 });
    await retryTask(shop, "score");
    await retryTask(shop, "write");
    expect((await readProgress(shop)).map(({ state }) => state)).toEqual(["running"]);
    expect(await waitingJobs()).not.toContain("scoring.run");
    expect(await waitingJobs()).not.toContain("writeback.push");
  });

  it("is named by the merchant's form, which may contain anything", () => {
    expect(parseProgressTask("write")).toBe("write");
    expect(parseProgressTask("drop")).toBeNull();
    expect(parseProgressTask(null)).toBeNull();
  });
});
