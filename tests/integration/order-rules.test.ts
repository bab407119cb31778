import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { dayNumber } from "#app/lib/calendar.ts";
import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { runId, type ShopDomain, shopDomain } from "#app/lib/ids.ts";
import {
  compareRules,
  loadPurchases,
  readBasis,
} from "#app/orders/purchases/purchase-days.server.ts";
import { applyFetchedOrders } from "#app/orders/store/apply-changes.server.ts";
import type { StoredOrder } from "#app/orders/store/normalise.ts";
import { chooseOrderRules } from "#app/orders/store/order-rules.server.ts";
import { noRules, type OrderRules } from "#app/orders/store/order-rules.ts";
import { readOrderSources } from "#app/orders/store/order-sources.server.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { KeptTables } from "#tests/setup/kept-tables.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

import { reproduceRun } from "../../scripts/reproduce/read-run.ts";

const asOf = "2026-11-22";
const shop = shopDomain("rules.myshopify.com");
const fresh = shopDomain("rules-first.myshopify.com");
const kept = new KeptTables(pool);

const RULES: OrderRules = { tags: ["WHOLESALE", "it's, \\ odd \""], channels: ["POS"] };

/** Of every nth order, so that some customers have none without. */
async function mark(of: ShopDomain) {
  await pool.query(
    `update orders set
        channel = (array[null, 'web', 'pos', 'subscription_contract'])[1 + order_id::int % 4],
        tags = case order_id::int % 7 when 0 then '{Wholesale,vip}'::text[]
                                      when 1 then array['it''s, \\ Odd "']
                                      when 2 then array[null, 'null', 'Subscription Recurring Order']
                                      when 3 then '{wholesale-2,not wholesale}' else '{}' end
      where shop = $1`,
    [of],
  );
}

type Row = { customer_id: string; tags: (string | null)[]; channel: string | null };

/** The rules by a second implementation. */
function isLeftOut({ tags, channel }: Row, rules: OrderRules): boolean {
  const lower = (names: (string | null)[]) => names.map((name) => name?.toLowerCase());
  const byTag = lower(tags).some((tag) => tag !== undefined && lower(rules.tags).includes(tag));
  return byTag || (channel !== null && lower(rules.channels).includes(channel.toLowerCase()));
}

beforeAll(async () => {
  for (const each of [shop, fresh]) await storeShop(each);
  await storePurchases(shop, smallStore(dayNumber(asOf)));
  await mark(shop);
  expect(await runScoring(shop, { asOf, weeks: 0 })).toMatchObject({ kind: "scored" });
  await kept.keep();
}, 120_000);

beforeEach(() => kept.restore());

afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

async function rows<Row extends object>(sql: string, values: unknown[] = [shop]): Promise<Row[]> {
  return (await pool.query<Row>(sql, values)).rows;
}

async function scored(): Promise<string[]> {
  const found = await rows<{ id: string }>(
    `select customer_id as id from scores where shop = $1 order by customer_id collate "C"`,
  );
  return found.map(({ id }) => id);
}

describe("rules for orders", () => {
  it.each([
    RULES,
    { tags: ["null"], channels: [] },
    { tags: [], channels: ["web", "subscription_contract"] },
    { tags: ["vip", "a"], channels: ["none"] },
  ])("leave out exactly the orders that have such a tag or channel: %j", async (rules) => {
    const all = await rows<Row>("select customer_id, tags, channel from orders where shop = $1");
    const counted = all.filter((row) => !isLeftOut(row, rules));
    const customers = new Set(counted.map((row) => row.customer_id));
    const promised = await compareRules(shop, rules);
    expect(promised.then).toEqual({ orders: counted.length, customers: customers.size });
    expect(promised.now.orders).toBe(all.length);
    await chooseOrderRules(shop, rules);
    const { customerIds, basis } = await loadPurchases(shop);
    expect(new Set<string>(customerIds)).toEqual(customers);
    expect(basis).toMatchObject({ countedOrders: counted.length, rules });
    expect(basis.leftOut).toContainEqual({ reason: "rule", orders: all.length - counted.length });
  });

  it("keep what was promised after saving, and the way back restores every score", async () => {
    const before = await rows("select * from scores where shop = $1 order by customer_id");
    const promised = await compareRules(shop, RULES);
    expect(promised.then.customers).toBeLessThan(promised.now.customers);
    await chooseOrderRules(shop, RULES);
    expect(
      await rows(
        "select name from pgboss.job where name = 'scoring.run' and state = 'created'",
        [],
      ),
    ).toHaveLength(1);
    await runScoring(shop, { asOf, weeks: 0 });
    expect(await scored()).toHaveLength(promised.then.customers);
    const [{ id }] = await rows<{ id: string }>("select id from scoring_runs where shop = $1");
    expect(await reproduceRun(shop, runId(id))).toMatchObject({ kind: "same" });
    const whys = await rows<{ why: string }>(
      "select distinct why from tier_changes where shop = $1",
    );
    expect(whys).toEqual([{ why: "settings" }]);

    await chooseOrderRules(shop, noRules);
    await runScoring(shop, { asOf, weeks: 0 });
    const without = (all: object[]) =>
      all.map((row) => ({ ...row, run_id: null, clv_since: null, buy_since: null }));
    const after = await rows("select * from scores where shop = $1 order by customer_id");
    expect(without(after)).toEqual(without(before));
    const [stored] = await rows("select order_rules from shops where shop = $1");
    expect(stored).toEqual({ order_rules: null });
    expect(await readBasis(shop)).not.toHaveProperty("rules");
  });

  it("give the same purchases whether chosen before the orders came or after", async () => {
    await chooseOrderRules(fresh, RULES);
    await pool.query(
      `insert into orders (shop, order_id, customer_id, processed_at, updated_at, day, amount_minor,
                           test, tags, channel)
       select $2, order_id, customer_id, processed_at, updated_at, day, amount_minor, test, tags, channel
         from orders where shop = $1`,
      [shop, fresh],
    );
    await chooseOrderRules(shop, RULES);
    const [changed, imported] = [await loadPurchases(shop), await loadPurchases(fresh)];
    expect(changed).toEqual(imported);
    await pool.query("delete from orders where shop = $1", [fresh]);
  });

  it("count orders worth nothing on request, but none that was refunded in full", async () => {
    const counting: OrderRules = { ...noRules, countZero: true };
    const before = await readBasis(shop);
    // A customer's only orders, and some of others: free ones, and ones that were refunded.
    const free = "order_id::int % 5 = 0";
    const refunded = "order_id::int % 5 = 1";
    const state = `amount_minor = 0, left_out = 'zero', financial_status =`;
    await pool.query(`update orders set ${state} 'PAID' where shop = $1 and ${free}`, [shop]);
    await pool.query(`update orders set ${state} 'REFUNDED' where shop = $1 and ${refunded}`, [
      shop,
    ]);
    await pool.query(
      "update orders set financial_status = null where shop = $1 and left_out = 'zero' and order_id::int % 10 = 0",
      [shop],
    );
    const [{ zero, gone }] = await rows<{ zero: number; gone: number }>(
      `select count(*) filter (where ${free})::int as zero,
              count(*) filter (where ${refunded})::int as gone from orders where shop = $1`,
    );
    expect(Math.min(zero, gone)).toBeGreaterThan(50);
    const promised = await compareRules(shop, counting);
    expect(promised.now.orders).toBe(before.countedOrders - zero - gone);
    expect(promised.then.orders).toBe(before.countedOrders - gone);
    expect(promised.then.customers).toBeGreaterThan(promised.now.customers);

    await chooseOrderRules(shop, counting);
    const { basis, purchases } = await loadPurchases(shop);
    expect(basis).toMatchObject({ countedOrders: promised.then.orders, rules: counting });
    expect(basis.leftOut).toContainEqual({ reason: "zero", orders: gone });
    expect([...purchases.amount].filter((amount) => amount === 0).length).toBeGreaterThan(20);
    expect(await runScoring(shop, { asOf, weeks: 1 })).toMatchObject({ kind: "scored" });
    expect(await scored()).toHaveLength(promised.then.customers);
    const wrong = `select 1 from scores where shop = $1 and not (expected_spend_minor >= 0
      and buy_probability between 0 and 1 and expected_spend_minor < 'infinity')`;
    expect(await rows(wrong)).toEqual([]);
    const [{ id }] = await rows<{ id: string }>(
      "select id from scoring_runs where shop = $1 and not reconstructed",
    );
    expect(await reproduceRun(shop, runId(id))).toMatchObject({ kind: "same" });

    await chooseOrderRules(shop, noRules);
    expect((await readBasis(shop)).countedOrders).toBe(promised.now.orders);
  });

  it("count test orders worth nothing in a development store, if those count", async () => {
    await pool.query("update shops set development_store = true where shop = $1", [shop]);
    await pool.query(
      `update orders set test = true, left_out = 'test', amount_minor = order_id::int % 2,
              financial_status = 'PAID' where shop = $1`,
      [shop],
    );
    const { now, then } = await compareRules(shop, { ...noRules, countZero: true });
    const [{ all, free }] = await rows<{ all: number; free: number }>(
      `select count(*)::int as all, count(*) filter (where amount_minor = 0)::int as free
         from orders where shop = $1`,
    );
    expect([now.orders, then.orders]).toEqual([all - free, all]);
  });

  it("mark a customer whose order gets such a tag, and nobody for another tag", async () => {
    await chooseOrderRules(shop, { tags: ["wholesale"], channels: [] });
    const [stored] = await rows<{ id: string; customer: string; day: number; amount: string }>(
      `select order_id as id, customer_id as customer, day - date '1970-01-01' as day,
              amount_minor as amount from orders where shop = $1 and tags = '{}' limit 1`,
    );
    const order = (tags: string[], updatedAt: string): StoredOrder => ({
      orderId: stored.id,
      customerId: stored.customer,
      processedAt: "2026-11-01T12:00:00Z",
      updatedAt,
      day: stored.day,
      amountMinor: Number(stored.amount),
      financialStatus: "PAID",
      cancelledAt: null,
      test: false,
      channel: "web",
      tags,
      exclusionReason: null,
    });
    const arrive = (tags: string[], at: string) =>
      inTransaction((client) =>
        applyFetchedOrders(client, shop, { orders: [order(tags, at)], unreadable: [], gone: [] }),
      );
    const marked = () => rows("select customer_id from changed_customers where shop = $1");
    expect(await arrive(["gift"], "2026-11-22T10:00:00Z")).toEqual([]);
    expect(await marked()).toEqual([]);
    expect(await arrive(["gift", "Wholesale"], "2026-11-22T11:00:00Z")).toHaveLength(1);
    expect(await marked()).toEqual([{ customer_id: stored.customer }]);
  });

  it("are proposed for what is among the orders, with counts, and for nothing else", async () => {
    const found = await readOrderSources(shop);
    const count = async (condition: string) => {
      const [{ orders }] = await rows<{ orders: number }>(
        `select count(*)::int as orders from orders where shop = $1 and ${condition}`,
      );
      return orders;
    };
    expect(found.filter(({ kind }) => kind !== null)).toEqual(
      expect.arrayContaining([
        {
          of: "tags",
          name: "Subscription Recurring Order",
          orders: await count("'Subscription Recurring Order' = any(tags)"),
          kind: "subscription",
        },
        {
          of: "channels",
          name: "subscription_contract",
          orders: await count("channel = 'subscription_contract'"),
          kind: "subscription",
        },
      ]),
    );
    expect(found.map(({ name }) => name)).not.toContain("vip");
    expect(await readOrderSources(fresh)).toEqual([]);
  });
});
