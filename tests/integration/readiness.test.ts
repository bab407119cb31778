import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { recordFailedJob } from "#app/queue/failed-jobs.server.ts";
import { enqueue, startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { nowStopping, openOperationsPort } from "#app/server/operations.server.ts";
import { whyNotReady } from "#app/server/readiness.server.ts";
import { readGauges } from "#app/worker/gauges.server.ts";

const shop = shopDomain("one.myshopify.com");
let url: string;
let close: () => void;

beforeAll(async () => {
  const server = await openOperationsPort(0, readGauges);
  url = `http://127.0.0.1:${String((server!.address() as AddressInfo).port)}`;
  close = () => server!.close();
});

afterAll(async () => {
  close();
  await stopQueue();
});

async function metric(name: string): Promise<string[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split("\n").filter((line) => line.startsWith(name));
}

// In this order, because a queue that exists is not removed again.
describe("a process", { shuffle: false }, () => {
  it("is alive but not ready while the queue's tables are missing", async () => {
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const response = await fetch(`${url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ missing: ["queue-missing"] });
  });

  it("is ready when the queue exists and every migration is applied", async () => {
    const boss = await startQueue({ supervise: false });
    await boss.stop({ graceful: false });
    const response = await fetch(`${url}/readyz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ missing: [] });
  });

  it("is not ready when a migration of its version is missing or half done", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "encore-ready-"));
    mkdirSync(path.join(directory, "20990101000000_later"));
    writeFileSync(path.join(directory, "20990101000000_later", "migration.sql"), "select 1");
    expect(await whyNotReady(directory)).toEqual(["migrations-missing"]);
    const insert = (finished: string) =>
      pool.query(
        `insert into _prisma_migrations (id, checksum, migration_name, finished_at)
         values (gen_random_uuid(), '', '20990101000000_later', ${finished})`,
      );
    await insert("null");
    expect(await whyNotReady(directory)).toEqual(["migrations-missing"]);
    await insert("now()");
    expect(await whyNotReady(directory)).toEqual([]);
    rmSync(directory, { recursive: true });
  });

  it("reports waiting jobs, failed jobs, and shops that are behind", async () => {
    await pool.query(
      `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
       values ($1, '1', 'One', 'EUR', 'UTC', true)`,
      [shop],
    );
    await pool.query(
      `insert into scoring_runs (shop, id, as_of, reconstructed, outcome, engine_version,
         horizon_days, gate, basis, input_digest, created_at)
       values ($1, 'r', '2026-11-20', false, 'scored', '1', 90, '[]', '{}', '',
               now() - interval '2 days')`,
      [shop],
    );
    await pool.query(
      `insert into webhook_inbox (shop, webhook_id, topic, received_at)
       values ($1, 'w', 'orders/create', now() - interval '100 seconds')`,
      [shop],
    );
    await pool.query(
      `insert into order_checks (shop, id, asked_by, asked_at, state, missing, stale, finished_at)
       values ($1, 'a', 'night', now(), 'done', 2, 1, now()),
              ($1, 'b', 'night', now(), 'done', 3, 0, now()),
              ($1, 'c', 'night', now(), 'done', 9, 9, now() - interval '3 days')`,
      [shop],
    );
    await enqueue("orders.follow", { shop });
    await recordFailedJob({ shop, task: "scoring.run", errorCode: "unknown", attempts: 13 });
    expect(await metric('encore_jobs{task="orders.follow"')).toEqual([
      'encore_jobs{task="orders.follow",state="waiting"} 1',
      'encore_jobs{task="orders.follow",state="delayed"} 0',
      'encore_jobs{task="orders.follow",state="active"} 0',
    ]);
    expect(await metric("encore_parked_jobs")).toEqual([
      'encore_parked_jobs{task="scoring.run",code="unknown"} 1',
    ]);
    expect(await metric("encore_order_drift")).toEqual([
      'encore_order_drift{kind="missing"} 5',
      'encore_order_drift{kind="stale"} 1',
      'encore_order_drift{kind="wrong"} 0',
      'encore_order_drift{kind="removed"} 0',
    ]);
    expect(await metric("encore_webhooks_unread")).toEqual(["encore_webhooks_unread 1"]);
    const [unread = ""] = await metric("encore_webhooks_oldest_unread_seconds");
    expect(Number(unread.split(" ")[1])).toBeGreaterThanOrEqual(100);
    expect(await metric('encore_shops{state="stale"}')).toEqual(['encore_shops{state="stale"} 1']);
    const waiting = 'encore_shops{state="without-access"}';
    expect(await metric(waiting)).toEqual([`${waiting} 0`]);
    await pool.query("update shops set access_lost_at = now()");
    expect(await metric(waiting)).toEqual([`${waiting} 1`]);
    const [stale = ""] = await metric("encore_shop_good_run_age_seconds");
    expect(stale).toContain(`shop="${shop}"`);
    expect(Number(stale.split(" ")[1])).toBeGreaterThanOrEqual(2 * 86_400);
  });

  it("is not ready once it is stopping", async () => {
    nowStopping();
    const response = await fetch(`${url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ missing: ["stopping"] });
  });

  it("reports that the database cannot be reached, without details", async () => {
    await closeDatabase();
    expect(await whyNotReady()).toEqual(["database-unreachable"]);
  });
});
