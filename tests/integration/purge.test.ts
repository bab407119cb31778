import { readFileSync } from "node:fs";
import path from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { enqueuePurges } from "#app/privacy/enqueue-due.server.ts";
import { runPurge } from "#app/privacy/purge.server.ts";
import { LOST_BATCH_DAYS, periods } from "#app/privacy/retention-periods.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { fillEveryTable, rowsOf, shopTables } from "#tests/setup/every-table.ts";

const shop = shopDomain("kept.myshopify.com");
const other = shopDomain("other.myshopify.com");

beforeAll(async () => {
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  for (const { table } of await shopTables()) await pool.query(`truncate ${table}`);
  await pool.query("delete from pgboss.job");
  await fillEveryTable({ shop, customerId: "7000", word: "mine" });
  await fillEveryTable({ shop: other, customerId: "7000", word: "theirs" });
});
afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

/** Sets the time of all the shop's rows. */
async function age(days: number): Promise<void> {
  for (const { table, since } of periods) {
    await pool.query(
      `update ${table} set ${since} = now() - make_interval(days => $2) where shop = $1`,
      [shop, days],
    );
  }
}

async function count(table: string): Promise<number> {
  const { rowCount } = await pool.query(`select 1 from ${table} where shop = $1`, [shop]);
  return rowCount ?? 0;
}

describe("expired data", () => {
  it.each(periods)(
    "are removed from $table $days days after $since, and not before",
    async (one) => {
      const { table, days, since } = one;
      await age(0);
      const set = `update ${table} set ${since} = now() - make_interval(days => $2) where shop = $1`;
      await pool.query(set, [shop, days - 1]);
      await runPurge(shop);
      expect(await count(table)).toBe(1);
      await pool.query(set, [shop, days + 1]);
      const before = await rowsOf(other);
      await runPurge(shop);
      expect(await count(table)).toBe(0);
      expect(await rowsOf(other)).toEqual(before);
    },
  );

  it("do not include rows that are still in use", async () => {
    await age(1_000);
    for (const { table, since } of periods) {
      const column = since === "made_at" || since === "changed_at" ? null : since;
      if (column !== null) await pool.query(`update ${table} set ${column} = null`);
    }
    await pool.query("update privacy_reports set made_at = now()");
    await pool.query("update tier_changes set changed_at = now()");
    await pool.query("update write_batches set created_at = now()");
    const kept = async () => ({ ...(await rowsOf(shop)), shops: null });
    const before = await kept();
    await runPurge(shop);
    expect(await kept()).toEqual(before);
  });

  it("do not include the last completed import, which records that the orders are stored", async () => {
    await age(1_000);
    await pool.query("update order_imports set state = 'done' where shop = $1", [shop]);
    await pool.query(
      `insert into order_imports (shop, id, state, finished_at)
       values ($1, 'older', 'done', now() - interval '2000 days')`,
      [shop],
    );
    await runPurge(shop);
    const { rows } = await pool.query("select id from order_imports where shop = $1", [shop]);
    expect(rows).toEqual([{ id: "mine-id" }]);
  });

  it("include the lines of a batch whose result can no longer be read", async () => {
    await age(0);
    await pool.query(
      "update write_batches set finished_at = null, created_at = now() - make_interval(days => $1)",
      [LOST_BATCH_DAYS + 1],
    );
    await runPurge(shop);
    const { rows } = await pool.query("select shop, state, lines from write_batches order by shop");
    expect(rows[0]).toEqual({ shop, state: "lost", lines: null });
    expect(rows[1]).toMatchObject({ shop: other, state: "theirs-state" });
  });

  it("are documented in docs/privacy.md with the same periods", () => {
    const text = readFileSync(path.resolve(import.meta.dirname, "../../docs/privacy.md"), "utf8");
    for (const { table, days } of periods) {
      const row = text.split("\n").find((line) => line.includes(`\`${table}\``));
      expect(row, table).toMatch(new RegExp(`\\b${String(days)} days\\b`));
    }
  });
});

describe("the purge", () => {
  it("is enqueued once a day, for some shops at a time, and removes webhooks of unknown shops", async () => {
    const jobs = async () => {
      const { rows } = await pool.query<{ shop: string }>(
        "select data->>'shop' as shop from pgboss.job where name = 'privacy.purge' order by 1",
      );
      return rows.map((row) => row.shop);
    };
    await pool.query("update shops set purged_at = now() - interval '1 hour'");
    await enqueuePurges();
    expect(await jobs()).toEqual([]);
    await pool.query("update shops set purged_at = now() - interval '25 hours'");
    await pool.query(
      `insert into webhook_inbox (shop, webhook_id, topic, received_at, handled_at) values
         ('gone.myshopify.com', 'a', 'orders/create', now() - interval '2 days', null),
         ('gone.myshopify.com', 'b', 'shop/redact', now() - interval '2 days', null),
         ('gone.myshopify.com', 'c', 'orders/create', now(), null)`,
    );
    await enqueuePurges();
    await enqueuePurges();
    expect(await jobs()).toEqual([shop, other].sort());
    const { rows } = await pool.query(
      "select webhook_id from webhook_inbox where shop = 'gone.myshopify.com' order by 1",
    );
    expect(rows).toEqual([{ webhook_id: "b" }, { webhook_id: "c" }]);
  });
});
