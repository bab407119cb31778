import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { enqueue, startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { taskNames } from "#app/queue/task-names.ts";
import { ensureInstalled } from "#app/shop/install.server.ts";
import { tasks } from "#app/worker/tasks.server.ts";
import { fillEveryTable, shopTables } from "#tests/setup/every-table.ts";

import { action as uninstalled } from "../../app/routes/webhooks.app.uninstalled.ts";
import { action as privacy } from "../../app/routes/webhooks.privacy.ts";
import { delivery, requestBody } from "../setup/webhook.ts";
import { deadRefreshToken, FakeShopify, giveSession } from "./fake-shopify.ts";
import { end, killWorkers, slowExport, startWorker, until } from "./worker-process.ts";

const shop = shopDomain("leaving.myshopify.com");
const fake = new FakeShopify();
let deliveries = 0;
let slow: { finish: () => void };

/** Shopify no longer accepts the shop's token, and sends the webhook. */
async function uninstall(): Promise<void> {
  fake.answers.set("EncoreInstallation", () => ({ status: 401 }));
  fake.refresh = () => deadRefreshToken;
  deliveries += 1;
  const webhookId = `gone-${String(deliveries)}`;
  const body = requestBody.uninstalled({ shop });
  const webhook = delivery({ shop, topic: "app/uninstalled", body, webhookId });
  expect((await uninstalled(webhook)).status).toBe(200);
}

const hasLeft = () =>
  until("the end of the installation", async () => {
    const row = await one("select 1 from shops where shop = $1 and uninstalled_at is not null");
    return row !== undefined;
  });

async function install(): Promise<void> {
  fake.answers.delete("EncoreInstallation");
  await giveSession(shop);
  await ensureInstalled({ shop });
}

async function one(sql: string): Promise<Record<string, unknown> | undefined> {
  return (await pool.query<Record<string, unknown>>(sql, [shop])).rows[0];
}

const state = (job: string) =>
  one(`select state from pgboss.job where data->>'shop' = $1 and name = '${job}'`);

const importing = () =>
  until("the export", async () => {
    const row = await one("select 1 from order_imports where shop = $1 and state = 'running'");
    return row !== undefined;
  });

const atRest = () =>
  until("the end of all work", async () => {
    const open = await one(
      `select 1 from pgboss.job
        where data->>'shop' = $1 and state in ('created', 'retry', 'active')`,
    );
    return open === undefined;
  });

beforeAll(async () => {
  await fake.start();
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});
beforeEach(async () => {
  slow = slowExport(fake);
  await install();
});
afterEach(async () => {
  await killWorkers();
  fake.reset();
  for (const { table } of await shopTables()) await pool.query(`truncate ${table}`);
  await pool.query("delete from pgboss.job");
});

describe("when the app is removed", () => {
  it("running work of the shop stops, and is not retried", async () => {
    await startWorker();
    await importing();
    await uninstall();
    await hasLeft();
    await until("the end of the import's job", async () => {
      return (await state("orders.import"))?.state === "completed";
    });
    const asked = fake.calls.length;
    await enqueue("scoring.run", { shop });
    await enqueue("writeback.push", { shop });
    await atRest();
    expect(await state("scoring.run")).toEqual({ state: "completed" });
    expect(await one("select state from order_imports where shop = $1")).toEqual({
      state: "running",
    });
    expect(await one("select 1 from scoring_runs where shop = $1")).toBeUndefined();
    expect(await one("select 1 from parked_jobs where shop = $1")).toBeUndefined();
    expect(fake.calls.length).toBe(asked);
  });

  it("the work of a worker that was killed meanwhile ends with the installation", async () => {
    const worker = await startWorker();
    await importing();
    await end(worker, "SIGKILL");
    await uninstall();
    expect(await state("orders.import")).toEqual({ state: "active" });
    await startWorker();
    await hasLeft();
    await atRest();
    expect(await state("orders.import")).toEqual({ state: "completed" });
    expect(await one("select state from order_imports where shop = $1")).toEqual({
      state: "running",
    });
  });

  it("requests of its customers are still handled", async () => {
    await startWorker();
    await importing();
    await uninstall();
    await hasLeft();
    await pool.query(
      "insert into written_states (shop, customer_id, tags) values ($1, '7', '{clv:high}')",
      [shop],
    );
    const body = requestBody.redactCustomer({ shop, customerId: "7" });
    await privacy(delivery({ shop, topic: "customers/redact", body }));
    await until("the erasure", async () => {
      const open = await one(
        `select 1 from webhook_inbox
          where shop = $1 and topic = 'customers/redact' and handled_at is null`,
      );
      return open === undefined;
    });
    expect(await one("select 1 from written_states where shop = $1")).toBeUndefined();
  });
});

describe("every task of a shop", () => {
  it.each(taskNames.filter((name) => tasks[name].afterUninstall !== true))(
    "stops when the app is removed: %s",
    async (name) => {
      await fillEveryTable({ shop, customerId: "7000", word: "mine" });
      await pool.query(
        `update shops set exclusion_tag = 'no', time_zone = 'UTC', orders_time_zone = null,
                writing_agreed_at = now() where shop = $1`,
        [shop],
      );
      await pool.query("update written_states set failure_code = null, attempts = 0");
      await pool.query("update clean_ups set finished_at = null");
      await pool.query("delete from order_imports");
      const left = () => pool.query("select customer_id from changed_customers");
      const [marks, asked] = [await left(), fake.calls.length];
      const stopped = new Error("The app was removed");
      await expect(tasks[name].run(shop, AbortSignal.abort(stopped))).rejects.toThrow(stopped);
      expect(fake.calls.length).toBe(asked);
      expect((await left()).rows).toEqual(marks.rows);
    },
  );
});

/** Rows that an earlier installation may have left, in every table. */
async function leaveSomething(): Promise<void> {
  await pool.query("delete from shops where shop = $1", [shop]);
  await pool.query("delete from progress where shop = $1", [shop]);
  await pool.query("delete from sessions where shop = $1", [shop]);
  await fillEveryTable({ shop, customerId: "7000", word: "earlier" });
  await pool.query(
    `update shops set uninstalled_at = now() - interval '4 days', leftovers = false,
            access_lost_at = null, access_lost_code = null,
            installed_at = now() - interval '1 year' where shop = $1`,
    [shop],
  );
  await pool.query("update webhook_inbox set topic = 'orders/create'");
  await pool.query("delete from pgboss.job");
}

/** Numbers of rows in the tables that an installation fills. */
async function left(): Promise<Record<string, number>> {
  const tables = ["scores", "score_history", "tier_changes", "written_states", "scoring_runs"];
  const counts: Record<string, number> = {};
  for (const table of [...tables, "orders", "target_segments", "write_batches", "order_imports"]) {
    const row = await one(`select count(*)::int as count from ${table} where shop = $1`);
    counts[table] = Number(row?.count);
  }
  return counts;
}

const clean = {
  ...{ scores: 0, score_history: 0, tier_changes: 0, written_states: 0, scoring_runs: 0 },
  ...{ orders: 0, target_segments: 0, write_batches: 0, order_imports: 1 },
};

describe("when the app is installed again", () => {
  it("starts over after the days of grace: old data are erased before the import, requests and opt-outs are kept", async () => {
    await leaveSomething();
    await install();
    expect(await one("select 1 from scoring_runs where shop = $1")).toBeUndefined();
    await startWorker();
    await importing();
    expect(await left()).toEqual(clean);
    expect(
      await one("select leftovers, uninstalled_at, writing_agreed_at from shops where shop = $1"),
    ).toEqual({ leftovers: false, uninstalled_at: null, writing_agreed_at: null });
    expect(await one("select 1 as kept from excluded_customers where shop = $1")).toBeDefined();
    expect(await one("select 1 as kept from privacy_reports where shop = $1")).toBeDefined();
    slow.finish();
    await until("the end of the import", async () => {
      return (await one("select state from order_imports where shop = $1"))?.state === "done";
    });
  });

  it("stops earlier work without resuming it: everything is read again", async () => {
    await startWorker();
    await importing();
    const before = await one("select id from order_imports where shop = $1");
    await uninstall();
    await hasLeft();
    await install();
    await until("another import", async () => {
      const row = await one("select id from order_imports where shop = $1 and state = 'running'");
      return row !== undefined && row.id !== before?.id;
    });
    expect(
      await one("select state from order_imports where shop = $1 order by started_at limit 1"),
    ).toEqual({ state: "failed" });
    expect(fake.count("EncoreBulkQuery")).toBe(2);
  });

  it("starts over also when the worker is killed while it erases", async () => {
    await leaveSomething();
    await install();
    await inTransaction(async (client) => {
      // While this lock is held, an erasure waits in the middle.
      await client.query("lock table tier_changes in share mode");
      const worker = await startWorker();
      await until("the erasing", async () => {
        const waits = await client.query(
          "select 1 from pg_locks where not granted and relation = 'tier_changes'::regclass",
        );
        return waits.rowCount !== 0;
      });
      await end(worker, "SIGKILL");
    });
    expect((await left()).written_states).toBe(1);
    await startWorker();
    await importing();
    expect(await left()).toEqual(clean);
  });
});
