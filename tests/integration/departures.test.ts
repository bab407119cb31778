import { spawnSync } from "node:child_process";
import path from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { metrics } from "#app/lib/metrics.server.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { readGauges } from "#app/worker/gauges.server.ts";

const root = path.resolve(import.meta.dirname, "../..");
const shop = shopDomain("leaving.myshopify.com");

/** The command, as an operator runs it. */
function shops(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "scripts/shops.ts", ...args],
    { cwd: root, encoding: "utf8", env: process.env },
  );
  return { status, said: stdout + stderr };
}

beforeAll(async () => {
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  await pool.query("truncate shops, webhook_inbox");
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history,
       access_lost_at, access_lost_code)
     values ($1, '1', 'One', 'EUR', 'UTC', true, now(), 'departure-unconfirmed')`,
    [shop],
  );
  await pool.query(
    "insert into webhook_inbox (shop, webhook_id, topic) values ($1, 'w', 'app/uninstalled')",
    [shop],
  );
});
afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

describe("a departure that Shopify does not confirm", () => {
  it("is counted in the metrics", async () => {
    await readGauges();
    const text = await metrics.registry.metrics();
    expect(text).toContain('encore_shops{state="departure-unconfirmed"} 1');
    expect(text).toContain('encore_shops{state="without-access"} 0');
  });

  it("is listed, and confirmed by an operator who gives the evidence", async () => {
    expect(shops("list").said).toMatch(/^leaving\.myshopify\.com {2}unconfirmed .*\n1 leaving\n$/);
    expect(shops("confirm-departure", "--shop", shop)).toMatchObject({
      status: 2,
      said: expect.stringContaining("needs --because") as string,
    });
    expect(
      shops("confirm-departure", "--shop", shop, "--because", "seen in the dashboard"),
    ).toEqual({ status: 0, said: expect.stringContaining("erased after three days") as string });
    const { rows } = await pool.query(
      "select departure_evidence as evidence, uninstalled_at is not null as left from shops",
    );
    expect(rows).toEqual([{ evidence: "operator: seen in the dashboard", left: true }]);
    expect(shops("list").said).toContain("left");
    expect(shops("confirm-departure", "--shop", shop, "--because", "again").status).toBe(1);
  });

  it("has no erasure on record before there was one", () => {
    expect(shops("erased", "--shop", shop)).toEqual({ status: 0, said: "0 erasures\n" });
    expect(shops("erased").status).toBe(2);
    expect(shops("erase", "--shop", shop).status).toBe(2);
  });
});
