import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { enqueue, stopQueue } from "#app/queue/queue.server.ts";
import { tryTaskLock } from "#app/queue/task-lock.server.ts";

import { FakeShopify, giveSession } from "./fake-shopify.ts";
import { end, killWorkers, slowExport, startWorker, until } from "./worker-process.ts";

const shop = shopDomain("one.myshopify.com");
const fake = new FakeShopify();

async function importState(): Promise<unknown> {
  return (await pool.query("select state from order_imports")).rows[0]?.state;
}

beforeAll(() => fake.start());
afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});
beforeEach(async () => {
  await giveSession(shop);
});
afterEach(async () => {
  await killWorkers();
  fake.reset();
  await pool.query("truncate shops, orders, order_imports, progress, sessions");
  await pool.query("delete from pgboss.job");
});

describe("a worker", () => {
  it("takes over the work of a killed one within seconds", async () => {
    const slow = slowExport(fake);
    await enqueue("orders.import", { shop });
    const first = await startWorker();
    await until("the export", async () => (await importState()) === "running");
    await sleep(3_000);
    await end(first, "SIGKILL");
    slow.finish();
    await startWorker();
    const ready = Date.now();
    await until("the end of the import", async () => (await importState()) === "done");
    expect(Date.now() - ready).toBeLessThan(5_000);
    expect(fake.count("EncoreBulkQuery")).toBe(1);
  });

  it("takes over the work of another that is killed while it is running", async () => {
    const slow = slowExport(fake);
    await enqueue("orders.import", { shop });
    const first = await startWorker();
    await until("the export", async () => (await importState()) === "running");
    await startWorker();
    await end(first, "SIGKILL");
    slow.finish();
    const killed = Date.now();
    await until("the end of the import", async () => (await importState()) === "done");
    expect(Date.now() - killed).toBeLessThan(8_000);
  });

  it("stops on request, and hands its work over at once", async () => {
    const slow = slowExport(fake);
    await enqueue("orders.import", { shop });
    const first = await startWorker();
    await until("the export", async () => (await importState()) === "running");
    const asked = Date.now();
    expect(await end(first, "SIGTERM")).toBe(0);
    expect(Date.now() - asked).toBeLessThan(5_000);
    const waiting = await pool.query("select 1 from pgboss.job where state = 'created'");
    expect(waiting.rowCount).toBe(1);
    slow.finish();
    await startWorker();
    await until("the end of the import", async () => (await importState()) === "done");
  });

  it("never runs a task that another is running, but once more after it", async () => {
    const slow = slowExport(fake);
    await enqueue("orders.import", { shop });
    await Promise.all([startWorker(), startWorker()]);
    await until("the export", async () => (await importState()) === "running");
    await enqueue("orders.import", { shop });
    expect(await tryTaskLock({ name: "orders.import", shop })).toBeNull();
    await sleep(5_000);
    const active = await pool.query(
      "select 1 from pgboss.job where name = 'orders.import' and state = 'active'",
    );
    expect(active.rowCount).toBe(1);
    expect(fake.count("EncoreBulkQuery")).toBe(1);
    slow.finish();
    await until("the second import", () => fake.count("EncoreBulkQuery") === 2);
  });
});
