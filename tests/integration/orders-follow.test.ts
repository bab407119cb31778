import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { runFollow } from "#app/orders/webhooks/follow-orders.server.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { enqueueDueScoring, enqueueMarkedRescoring } from "#app/scoring/run/enqueue-due.server.ts";
import { ORDERS_PER_QUERY } from "#app/shopify/resources/orders.server.ts";

import { FakeShopify, giveSession } from "./fake-shopify.ts";

const fake = new FakeShopify();
const shop = shopDomain("one.myshopify.com");

type Version = { amount?: string; updated?: string; cancelled?: string; customer?: string };

/** The orders in the shop, by number. */
const inShop = new Map<string, Version>();

function answer({ ids }: Record<string, unknown>) {
  const nodes = (ids as string[]).map((id) => {
    const version = inShop.get(id.replace("gid://shopify/Order/", ""));
    if (version === undefined) return null;
    const { amount = "10.0", updated = "2026-11-21T10:00:00Z", cancelled = null } = version;
    const { customer = "1" } = version;
    return {
      id,
      processedAt: "2026-11-21T09:00:00Z",
      updatedAt: updated,
      cancelledAt: cancelled,
      test: false,
      displayFinancialStatus: "PAID",
      currentTotalPriceSet: { shopMoney: { amount } },
      sourceName: "web",
      tags: [],
      customer: { id: `gid://shopify/Customer/${customer}` },
    };
  });
  return { data: { nodes } };
}

let deliveries = 0;

/** Puts a webhook into the inbox, as the route does. */
async function arrived(order: string, topic = "orders/updated", updated: string | null = null) {
  deliveries += 1;
  await pool.query(
    `insert into webhook_inbox (shop, webhook_id, topic, resource_id, resource_updated_at)
     values ($1, $2, $3, $4, $5)`,
    [shop, `w${String(deliveries)}`, topic, order, updated],
  );
}

async function follow(): Promise<{ stored: unknown[]; unread: number; rescored: string[] }> {
  await pool.query("delete from pgboss.job");
  await pool.query("delete from changed_customers");
  await runFollow(shop);
  const stored = await pool.query(
    "select order_id, amount_minor, left_out from orders order by order_id",
  );
  const unread = await pool.query("select 1 from webhook_inbox where handled_at is null");
  const marked = await pool.query<{ customer_id: string }>(
    "select customer_id from changed_customers order by customer_id",
  );
  const jobs = await pool.query("select 1 from pgboss.job where name = 'scoring.rescore'");
  expect(jobs.rowCount).toBe(marked.rowCount === 0 ? 0 : 1);
  return {
    stored: stored.rows.map((row: Record<string, unknown>) => Object.values(row)),
    unread: unread.rowCount ?? 0,
    rescored: marked.rows.map((row) => row.customer_id),
  };
}

beforeAll(async () => {
  await fake.start();
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
});
beforeEach(async () => {
  fake.reset();
  fake.answers.set("EncoreOrdersById", answer);
  // All customers still exist.
  fake.answers.set("EncoreCustomersById", ({ ids }) => ({
    data: { nodes: (ids as string[]).map((id) => ({ id })) },
  }));
  inShop.clear();
  await pool.query("truncate webhook_inbox, shops, orders, order_imports, scoring_runs");
  await pool.query("delete from pgboss.job");
  await giveSession(shop);
  await pool.query(
    `insert into shops (shop, shopify_id, name, currency, time_zone, full_history)
     values ($1, '1', 'One', 'EUR', 'Europe/London', true)`,
    [shop],
  );
  await pool.query("insert into order_imports (shop, id, state) values ($1, 'i1', 'done')", [shop]);
});
afterAll(async () => {
  await fake.stop();
  await stopQueue();
  await closeDatabase();
});

describe("following a shop's orders", () => {
  it("reads each order that webhooks name once, in its latest version, and rescores its customer", async () => {
    inShop.set("1", { amount: "12.5" });
    await arrived("1", "orders/create");
    await arrived("1", "orders/paid");
    await arrived("1", "orders/updated");
    expect(await follow()).toEqual({ stored: [["1", "1250", null]], unread: 0, rescored: ["1"] });
    expect(fake.calls.map((call) => call.variables)).toEqual([{ ids: ["gid://shopify/Order/1"] }]);
  });

  it("rescores nobody when nothing that counts has changed", async () => {
    inShop.set("1", {});
    await arrived("1");
    await follow();
    inShop.set("1", { updated: "2026-11-21T11:00:00Z" });
    await arrived("1");
    expect(await follow()).toMatchObject({ unread: 0, rescored: [] });
  });

  it("stores a refund and a cancellation", async () => {
    inShop.set("1", { amount: "20.0" });
    await arrived("1");
    await follow();
    inShop.set("1", { amount: "5.0", updated: "2026-11-21T11:00:00Z" });
    await arrived("1", "refunds/create");
    expect(await follow()).toMatchObject({ stored: [["1", "500", null]], rescored: ["1"] });
    inShop.set("1", { updated: "2026-11-21T12:00:00Z", cancelled: "2026-11-21T12:00:00Z" });
    await arrived("1", "orders/cancelled");
    expect(await follow()).toMatchObject({ stored: [["1", "1000", "cancelled"]], rescored: ["1"] });
  });

  it("rescores both customers when an order moves from one to the other", async () => {
    inShop.set("1", {});
    await arrived("1");
    await follow();
    inShop.set("1", { customer: "2", updated: "2026-11-21T11:00:00Z" });
    await arrived("1");
    expect(await follow()).toMatchObject({ rescored: ["1", "2"] });
  });

  it("does not request a version older than the stored one", async () => {
    inShop.set("1", { updated: "2026-11-21T11:00:00Z" });
    await arrived("1");
    await follow();
    await arrived("1", "orders/create", "2026-11-21T10:59:59Z");
    expect(await follow()).toMatchObject({ unread: 0, rescored: [] });
    expect(fake.count("EncoreOrdersById")).toBe(1);
    await arrived("1", "orders/updated", "2026-11-21T11:00:00Z");
    await follow();
    expect(fake.count("EncoreOrdersById")).toBe(2);
  });

  it("removes deleted orders, whatever webhooks arrive late", async () => {
    inShop.set("1", {});
    await arrived("1");
    await follow();
    inShop.clear();
    await arrived("1", "orders/delete");
    expect(await follow()).toEqual({ stored: [], unread: 0, rescored: ["1"] });
    await arrived("1", "orders/updated", "2026-11-21T10:00:00Z");
    expect(await follow()).toEqual({ stored: [], unread: 0, rescored: [] });
  });

  it("keeps an order that is merely too old for the app's scopes to see", async () => {
    inShop.set("1", {});
    await arrived("1");
    await follow();
    inShop.clear();
    await pool.query("update shops set full_history = false");
    await arrived("1", "orders/updated");
    expect(await follow()).toMatchObject({ stored: [["1", "1000", null]], unread: 0 });
    await arrived("1", "orders/delete");
    expect(await follow()).toMatchObject({ stored: [] });
  });

  it("defers webhooks that arrive during an import until its end", async () => {
    inShop.set("1", {});
    await pool.query("update order_imports set state = 'running'");
    await arrived("1");
    expect(await follow()).toEqual({ stored: [], unread: 1, rescored: [] });
    await pool.query("update order_imports set state = 'done'");
    expect(await follow()).toMatchObject({ unread: 0, rescored: ["1"] });
  });

  it("waits for the first import, and does not wait for a later one that has failed", async () => {
    inShop.set("1", {});
    await arrived("1");
    await pool.query("update order_imports set state = 'failed'");
    expect(await follow()).toMatchObject({ stored: [], unread: 1 });
    await pool.query("insert into order_imports (shop, id, state) values ($1, 'i0', 'done')", [
      shop,
    ]);
    expect(await follow()).toMatchObject({ unread: 0, rescored: ["1"] });
  });

  it("processes a burst in portions and enqueues scoring once", async () => {
    const many = Array.from({ length: ORDERS_PER_QUERY * 2 + 5 }, (_, number) => String(number));
    for (const order of many) {
      inShop.set(order, {});
      await arrived(order);
    }
    const { stored, unread, rescored } = await follow();
    expect([stored.length, unread, rescored]).toEqual([many.length, 0, ["1"]]);
    expect(fake.count("EncoreOrdersById")).toBe(3);
  });

  it("resumes where it was stopped", async () => {
    inShop.set("1", {});
    await arrived("1");
    fake.answers.set("EncoreOrdersById", () => ({ status: 403 }));
    await expect(runFollow(shop)).rejects.toMatchObject({ code: "shopify-access-denied" });
    fake.answers.set("EncoreOrdersById", answer);
    expect(await follow()).toMatchObject({
      stored: [["1", "1000", null]],
      unread: 0,
      rescored: ["1"],
    });
  });

  it("does nothing for a shop that has removed the app", async () => {
    await arrived("1");
    await pool.query("update shops set uninstalled_at = now()");
    expect(await follow()).toMatchObject({ unread: 1, rescored: [] });
    expect(fake.calls).toEqual([]);
  });
});

describe("a marked customer whose job was lost", () => {
  const mark = (ago: string) =>
    pool.query(
      `insert into changed_customers (shop, customer_id, changed_at)
       values ($1, '1', now() - $2::interval) on conflict (shop, customer_id)
       do update set changed_at = excluded.changed_at`,
      [shop, ago],
    );
  const asked = async () => {
    await enqueueMarkedRescoring();
    const { rowCount } = await pool.query(
      "select 1 from pgboss.job where name = 'scoring.rescore'",
    );
    return rowCount;
  };
  const scored = (outcome: string) =>
    pool.query(
      `insert into scoring_runs (shop, id, as_of, reconstructed, outcome, engine_version,
                                 horizon_days, gate, basis, input_digest)
       values ($1, $2, '2026-11-01', false, $2, '1', 90, '[]', '{}', '')
       on conflict (shop, as_of, reconstructed) do update set outcome = excluded.outcome`,
      [shop, outcome],
    );

  it("is enqueued again after a while, once, if there is a fit to score with", async () => {
    await pool.query("delete from changed_customers");
    await mark("1 hour");
    expect(await asked()).toBe(0);
    await scored("refused");
    expect(await asked()).toBe(0);
    await scored("scored");
    await mark("1 second");
    expect(await asked()).toBe(0);
    await mark("1 minute");
    expect(await asked()).toBe(1);
    expect(await asked()).toBe(1);
  });
});

describe("a new day in a shop", () => {
  const day = 86_400_000;
  const scoredAsOf = (days: number) =>
    pool.query(
      `insert into scoring_runs (shop, id, as_of, reconstructed, outcome, engine_version,
                                 horizon_days, gate, basis, input_digest)
       values ($1, $2, $3, false, 'scored', '1', 90, '[]', '{}', '')`,
      [shop, `r${String(days)}`, new Date(Date.now() + days * day).toISOString().slice(0, 10)],
    );
  const asked = async () =>
    (await pool.query("select 1 from pgboss.job where name = 'scoring.run'")).rowCount;

  it("is scored once, if the last scoring was on an earlier day", async () => {
    await pool.query("update shops set time_zone = 'UTC'");
    await scoredAsOf(-1);
    await enqueueDueScoring();
    await enqueueDueScoring();
    expect(await asked()).toBe(1);
  });

  it("starts in the shop's time zone", async () => {
    await pool.query("update shops set time_zone = 'UTC'");
    await scoredAsOf(-3);
    await scoredAsOf(1);
    await enqueueDueScoring();
    expect(await asked()).toBe(0);
  });

  it("is not scored where nothing was scored yet, or the app was removed", async () => {
    await enqueueDueScoring();
    await scoredAsOf(-3);
    await pool.query("update shops set uninstalled_at = now()");
    await enqueueDueScoring();
    expect(await asked()).toBe(0);
  });

  it("yields to other shops after a while, and enqueues the rest", async () => {
    const ids = Array.from({ length: 10 * ORDERS_PER_QUERY + 1 }, (_, number) =>
      String(number + 1),
    );
    await pool.query(
      `insert into webhook_inbox (shop, webhook_id, topic, resource_id, received_at)
       select $1, id, 'orders/delete', id, now() - make_interval(secs => 10000 - id::int)
         from unnest($2::text[]) as id`,
      [shop, ids],
    );
    expect((await follow()).unread).toBe(1);
    const jobs = await pool.query("select 1 from pgboss.job where name = 'orders.follow'");
    expect(jobs.rowCount).toBe(1);
    expect((await follow()).unread).toBe(0);
  });
});
