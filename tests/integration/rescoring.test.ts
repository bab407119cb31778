import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { closeDatabase, pool, prisma } from "#app/lib/db.server.ts";
import { type CustomerId, customerId, runId, shopDomain } from "#app/lib/ids.ts";
import { loadPurchases } from "#app/orders/purchases/purchase-days.server.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { scoreWith } from "#app/scoring/evaluation/evaluate.ts";
import type * as evaluation from "#app/scoring/evaluation/evaluation.server.ts";
import { runRescore } from "#app/scoring/run/rescore.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { readLatestRun } from "#app/scoring/store/latest-run.server.ts";
import { pruneScores } from "#app/scoring/store/retention.server.ts";
import { readHome } from "#app/scoring/views/home.server.ts";
import { setClock } from "#tests/setup/clock.ts";
import { cancelOrders, markedCustomers, placeOrder } from "#tests/stores/changed-orders.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

import { reproduceRun } from "../../scripts/reproduce/read-run.ts";
import { readReplayDifferences } from "../../scripts/storm/compare/read-replay.ts";

/** Executed while a run computes, after it has read the orders and before it saves. */
const meanwhile = vi.hoisted(() => ({ work: () => Promise.resolve() }));
vi.mock("#app/scoring/evaluation/evaluation.server.ts", async (importOriginal) => {
  const real = await importOriginal<typeof evaluation>();
  const openEvaluator: typeof real.openEvaluator = (...given) => {
    const evaluator = real.openEvaluator(...given);
    return {
      ...evaluator,
      async evaluate(options) {
        await meanwhile.work();
        return evaluator.evaluate(options);
      },
    };
  };
  return { ...real, openEvaluator };
});

const shop = shopDomain("rescored.myshopify.com");
const firstAsOf = "2026-11-22";

/** Noon of the day whose orders count for the as-of day. */
const dayOf = (asOf: string, later = 0) => isoDay(dayNumber(asOf) - 1 + later);
const toDay = (later: number) => {
  setClock(`${dayOf(firstAsOf, later)}T12:00:00Z`);
};

const tables = ["scores", "score_history", "score_updates", "scoring_runs", "tier_changes"].concat([
  "tier_totals",
  "changed_customers",
  "orders",
]);
const keptTables = tables.map((table) => `kept_${table}`);

/**
 * The state after the first scoring, with the thirteen weeks, is made once and restored for each
 * test.
 */
beforeAll(async () => {
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
  toDay(0);
  await storeShop(shop);
  await storePurchases(shop, smallStore(dayNumber(firstAsOf)));
  await runScoring(shop);
  for (const [index, table] of tables.entries()) {
    await pool.query(`create table ${keptTables[index]} as table ${table}`);
  }
}, 120_000);

beforeEach(async () => {
  meanwhile.work = () => Promise.resolve();
  toDay(0);
  for (const [index, table] of tables.entries()) {
    await pool.query(`truncate ${table}`);
    await pool.query(`insert into ${table} select * from ${keptTables[index]}`);
  }
  await pool.query("delete from pgboss.job");
  await pool.query("update shops set writing_agreed_at = null");
});

afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

async function scoreRows(): Promise<Map<string, Record<string, unknown>>> {
  const { rows } = await pool.query<Record<string, unknown>>(
    `select *, next_order_from::text, next_order_to::text, clv_since::text, buy_since::text,
            as_of::text from scores where shop = $1`,
    [shop],
  );
  return new Map(rows.map((row) => [String(row.customer_id), row]));
}

/** A customer in the lowest tier on both axes. */
async function lowCustomer(): Promise<CustomerId> {
  const { rows } = await pool.query<{ customer_id: CustomerId }>(
    `select customer_id from scores where clv_tier = 'low' and buy_tier = 'low'
      order by expected_spend_minor limit 1`,
  );
  return rows[0]!.customer_id;
}

async function jobs(name: string): Promise<number> {
  const { rowCount } = await pool.query("select 1 from pgboss.job where name = $1", [name]);
  return rowCount ?? 0;
}

async function moves(customer: string) {
  const { rows } = await pool.query<Record<string, unknown>>(
    `select axis, from_tier, to_tier, why, as_of::text from tier_changes
      where customer_id = $1 and not reconstructed and run_id <> all($2)
      order by changed_at, axis`,
    [customer, await firstRuns()],
  );
  return rows;
}

async function firstRuns(): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>("select id from kept_scoring_runs");
  return rows.map(({ id }) => id);
}

/** Every customer's figures with the fit of the last run. */
async function expectedScores(asOf: string) {
  const fit = (await readLatestRun(shop))!.scored!.fit;
  const { purchases, customerIds } = await loadPurchases(shop);
  const { summary, scores, intervals } = scoreWith(fit, purchases, dayNumber(asOf));
  const orNull = (day: number) => (day < 0 ? null : isoDay(day));
  return new Map(
    [...summary.index].map((customer, row) => [
      customerIds[customer]!,
      {
        frequency: summary.frequency[row],
        recency_days: summary.recencyDays[row],
        age_days: summary.ageDays[row],
        mean_spend_minor: summary.meanSpend[row],
        buy_probability: scores.buyProbability[row],
        expected_orders: scores.expectedOrders[row],
        expected_spend_minor: scores.expectedSpend[row],
        spend_low_minor: intervals.low[row],
        spend_high_minor: intervals.high[row],
        spend_low_if_any_minor: intervals.lowIfAny[row],
        spend_high_if_any_minor: intervals.highIfAny[row],
        next_order_from: orNull(scores.nextOrderFromDay[row]!),
        next_order_to: orNull(scores.nextOrderToDay[row]!),
      },
    ]),
  );
}

/** Compares home's totals with the sums over all scores. */
async function expectTotalsOfScores(): Promise<void> {
  const home = await readHome(shop);
  if (home.state !== "scored") throw new Error(`home is ${home.state}`);
  for (const axis of ["clv", "buy"] as const) {
    const { rows } = await pool.query(
      `select tier, count(s.customer_id)::int as customers,
              coalesce(round(sum(round((expected_spend_minor * 100)::numeric)) / 100), 0)::float8
                as "expectedSpendMinor",
              coalesce(sum(spent_minor), 0)::float8 as "spentMinor"
         from unnest(array['high', 'moderate', 'low', 'new']) with ORDINALITY as t (tier, place)
         left join scores s on s.${axis}_tier = t.tier group by tier, place order by place`,
    );
    expect(home.scored.axes[axis]).toMatchObject(rows);
  }
  expect(home.scored.customers).toBe((await scoreRows()).size);
}

describe("an order", () => {
  it("rescores its customer with the current fit, bit for bit, and nobody else", async () => {
    const customer = await lowCustomer();
    const before = await scoreRows();
    await placeOrder(shop, customer, { day: dayOf(firstAsOf), amountMinor: 15_000 });
    expect(await markedCustomers(shop)).toEqual([customer]);
    expect([await jobs("scoring.rescore"), await jobs("scoring.run")]).toEqual([1, 0]);
    await runRescore(shop);

    const after = await scoreRows();
    const expected = await expectedScores(firstAsOf);
    expect(after.get(customer)).toMatchObject(expected.get(customer)!);
    expect(after.get(customer)).toMatchObject({ rescored: true, as_of: firstAsOf });
    expect(after.get(customer)?.run_id).toBe(before.get(customer)?.run_id);
    for (const [id, row] of before) if (id !== customer) expect(after.get(id)).toEqual(row);
    expect(await markedCustomers(shop)).toEqual([]);
    await expectTotalsOfScores();
  });

  it("records changes of tier with their reason, and enqueues a write once agreed", async () => {
    const customer = await lowCustomer();
    await placeOrder(shop, customer, { day: dayOf(firstAsOf), amountMinor: 15_000 });
    await runRescore(shop);
    const row = (await scoreRows()).get(customer)!;
    expect([row.clv_tier, row.buy_tier]).not.toContain("low");
    expect(await moves(customer)).toEqual([
      { axis: "buy", from_tier: "low", to_tier: row.buy_tier, why: "order", as_of: firstAsOf },
      { axis: "clv", from_tier: "low", to_tier: row.clv_tier, why: "order", as_of: firstAsOf },
    ]);
    expect(await jobs("writeback.push")).toBe(0);
    await prisma.shop.update({ where: { shop }, data: { writingAgreedAt: new Date() } });
    await placeOrder(shop, customer, { day: dayOf(firstAsOf), amountMinor: 100 });
    await runRescore(shop);
    expect(await jobs("writeback.push")).toBe(1);
  });

  it("gives a new customer a first score", async () => {
    await placeOrder(shop, "99", { day: dayOf(firstAsOf), amountMinor: 2_000 });
    await runRescore(shop);
    const row = (await scoreRows()).get("99");
    expect(row).toMatchObject({ frequency: 0, clv_tier: "new", buy_tier: "new" });
    expect(await moves("99")).toEqual([]);
    await expectTotalsOfScores();
    expect(await readReplayDifferences(shop)).toEqual([]);
  });

  it("leaves the run unchanged: it can be reproduced, and its history is kept", async () => {
    const run = (await readLatestRun(shop))!;
    const history = await pool.query("select * from score_history order by as_of, customer_id");
    await placeOrder(shop, await lowCustomer(), { day: dayOf(firstAsOf), amountMinor: 15_000 });
    await placeOrder(shop, "99", { day: dayOf(firstAsOf), amountMinor: 2_000 });
    await runRescore(shop);
    expect(await reproduceRun(shop, runId(run.id))).toMatchObject({ kind: "same" });
    const again = await pool.query("select * from score_history order by as_of, customer_id");
    expect(again.rows).toEqual(history.rows);
  });

  it("of many customers at once is processed in pages", async () => {
    const { rows } = await pool.query<{ customer_id: CustomerId }>(
      "select customer_id from scores",
    );
    const ids = rows.map((row) => row.customer_id);
    for (const id of ids) {
      await placeOrder(shop, id, { day: dayOf(firstAsOf), amountMinor: 3_000 });
    }
    expect(ids.length).toBeGreaterThan(500);
    await runRescore(shop);
    expect(await markedCustomers(shop)).toEqual([]);
    const expected = await expectedScores(firstAsOf);
    const after = await scoreRows();
    for (const id of ids) expect(after.get(id)).toMatchObject(expected.get(id)!);
    await expectTotalsOfScores();
    expect(await readReplayDifferences(shop)).toEqual([]);
  });
});

describe("a refund or cancellation", () => {
  it("within the day restores the customer's state at the start of the day", async () => {
    const customer = await lowCustomer();
    const before = (await scoreRows()).get(customer)!;
    const id = await placeOrder(shop, customer, { day: dayOf(firstAsOf), amountMinor: 15_000 });
    await runRescore(shop);
    await cancelOrders(shop, customer, id);
    await runRescore(shop);
    const row = (await scoreRows()).get(customer)!;
    expect(row).toEqual({ ...before, rescored: true });
    expect((await moves(customer)).map(({ why, to_tier: to }) => [why, to]).slice(2)).toEqual([
      ["refund", "low"],
      ["refund", "low"],
    ]);
    expect(await readReplayDifferences(shop)).toEqual([]);
  });

  it("of the last order removes the score, and another order restores it", async () => {
    const customer = await lowCustomer();
    const before = await scoreRows();
    await cancelOrders(shop, customer);
    await runRescore(shop);
    expect((await scoreRows()).has(customer)).toBe(false);
    await expectTotalsOfScores();
    expect(await readReplayDifferences(shop)).toEqual([]);
    await placeOrder(shop, customer, { day: dayOf(firstAsOf), amountMinor: 1_000 });
    await runRescore(shop);
    expect((await scoreRows()).size).toBe(before.size);
    expect(await readReplayDifferences(shop)).toEqual([]);
  });
});

describe("consecutive days", () => {
  it("have the tiers of a replay of the tier rule over the stored scores, with runs and rescorings", async () => {
    expect(await readReplayDifferences(shop)).toEqual([]);
    // Likely customers order: with random ones the gate would rightly refuse.
    const ids = [...(await scoreRows())]
      .filter(([, row]) => Number(row.buy_probability) > 0.3)
      .map(([id]) => id);
    let held = 0;
    for (const later of [1, 2, 9, 23]) {
      toDay(later);
      const day = dayOf(firstAsOf, later);
      const asOf = isoDay(dayNumber(day) + 1);
      const some = ids.filter((_, index) => index % 8 === later % 8);
      for (const id of some) await placeOrder(shop, id, { day, amountMinor: 900 });
      await runRescore(shop);
      expect((await scoreRows()).get(some[0]!)).toMatchObject({ as_of: asOf, rescored: true });
      expect(await readReplayDifferences(shop)).toEqual([]);
      const dayBegan = await scoreRows();
      expect(await runScoring(shop)).toMatchObject({ kind: "scored" });
      expect((await readLatestRun(shop))?.asOf).toBe(asOf);
      expect(await readReplayDifferences(shop)).toEqual([]);
      await cancelOrders(shop, some[0]!);
      await placeOrder(shop, some[1]!, { day, amountMinor: 40_000 });
      await runRescore(shop);
      expect(await readReplayDifferences(shop)).toEqual([]);
      await expectTotalsOfScores();
      expect((await scoreRows()).size).toBeLessThan(dayBegan.size);
      const { rows } = await pool.query(
        "select 1 from score_history where as_of = $1 and clv_tier <> clv_plain_tier",
        [asOf],
      );
      held += rows.length;
    }
    // The rule must have kept a tier at least once, or nothing was tested.
    expect(held).toBeGreaterThan(0);
  });

  it("do not lower a tier within two weeks after it began, nor does a run on the same day", async () => {
    const customer = await lowCustomer();
    await placeOrder(shop, customer, { day: dayOf(firstAsOf), amountMinor: 15_000 });
    await runRescore(shop);
    const id = (
      await pool.query<{ order_id: string }>(
        "select order_id from orders where customer_id = $1 order by day desc, order_id desc limit 1",
        [customer],
      )
    ).rows[0]!.order_id;
    await runScoring(shop);
    const risen = (await scoreRows()).get(customer)!;
    expect(risen).toMatchObject({ clv_since: firstAsOf, buy_since: firstAsOf });
    toDay(5);
    await cancelOrders(shop, customer, id);
    await runRescore(shop);
    const held = (await scoreRows()).get(customer)!;
    expect([held.clv_tier, held.clv_since]).toEqual([risen.clv_tier, firstAsOf]);
    toDay(14);
    await runScoring(shop);
    expect((await scoreRows()).get(customer)).toMatchObject({ clv_tier: "low" });
    expect((await moves(customer)).at(-1)).toMatchObject({ to_tier: "low", why: "time" });
    expect(await readReplayDifferences(shop)).toEqual([]);
  });

  it("detect a tier that does not follow from the stored scores", async () => {
    const customer = await lowCustomer();
    await pool.query("update scores set clv_tier = 'high' where customer_id = $1", [customer]);
    expect(await readReplayDifferences(shop)).toMatchObject([{ customerId: customer }]);
  });
});

describe("a run of the whole shop", () => {
  const midnight = isoDay(dayNumber(firstAsOf) + 1);

  it("does not undo rescorings made while it computed, nor report changes that did not happen", async () => {
    const customer = await lowCustomer();
    const other = customerId("99");
    const day = dayOf(firstAsOf, 1);
    toDay(1);
    meanwhile.work = async () => {
      await placeOrder(shop, customer, { day, amountMinor: 15_000 });
      await runRescore(shop);
      // Marked, but not rescored before the run saves.
      await placeOrder(shop, other, { day, amountMinor: 2_000 });
    };
    await runScoring(shop);
    expect(await markedCustomers(shop)).toEqual([]);
    const expected = await expectedScores(midnight);
    const scores = await scoreRows();
    for (const id of [customer, other]) expect(scores.get(id)).toMatchObject(expected.get(id)!);
    expect([...scores.keys()].sort()).toEqual([...expected.keys()].sort());
    const told = await moves(customer);
    expect(told.map(({ why, from_tier: from }) => [why, from])).toEqual([
      ["order", "low"],
      ["order", "low"],
    ]);
    expect(await readReplayDifferences(shop)).toEqual([]);
    await expectTotalsOfScores();
  });

  it("is of the day on which it ends, if the day on which it started is over", async () => {
    const customer = await lowCustomer();
    toDay(1);
    meanwhile.work = async () => {
      meanwhile.work = () => Promise.resolve();
      toDay(2);
      await placeOrder(shop, customer, { day: dayOf(firstAsOf, 2), amountMinor: 15_000 });
      await runRescore(shop);
    };
    expect(await runScoring(shop)).toMatchObject({ kind: "scored" });
    const { rows } = await pool.query<{ as_of: string }>(
      "select as_of::text from scoring_runs where not reconstructed order by as_of",
    );
    const second = isoDay(dayNumber(firstAsOf) + 2);
    expect(rows.map((row) => row.as_of)).toEqual([firstAsOf, second]);
    toDay(3);
    await runScoring(shop);
    expect(await readReplayDifferences(shop)).toEqual([]);
    expect((await scoreRows()).get(customer)).toMatchObject({ clv_since: second });
  });

  it("replaces rescorings since its day began, and removes the marks it has processed", async () => {
    const customer = await lowCustomer();
    toDay(1);
    const day = dayOf(firstAsOf, 1);
    await placeOrder(shop, customer, { day, amountMinor: 15_000 });
    await runRescore(shop);
    await placeOrder(shop, customer, { day, amountMinor: 1_000 });
    await runScoring(shop);
    expect(await markedCustomers(shop)).toEqual([]);
    expect((await scoreRows()).get(customer)).toMatchObject({ rescored: false, as_of: midnight });
    expect((await pool.query("select 1 from score_updates")).rowCount).toBe(0);
    expect(await moves(customer)).toHaveLength(2);
    expect(await readReplayDifferences(shop)).toEqual([]);
  });

  it("removes past scores, except those of two weeks and of one run a week before that", async () => {
    const runs = `insert into scoring_runs (shop, id, as_of, reconstructed, outcome, engine_version,
        horizon_days, gate, fit, basis, totals, input_digest)
      select shop, 'old-' || d, as_of - d, false, outcome, engine_version, horizon_days, gate, fit,
             basis, totals, input_digest
        from scoring_runs, unnest($1::int[]) d where as_of = $2 and not reconstructed`;
    const history = `insert into score_history
      select shop, as_of - d, customer_id, frequency, recency_days, age_days, mean_spend_minor,
             buy_probability, expected_spend_minor, clv_tier, buy_tier, clv_since, buy_since,
             clv_plain_tier, buy_plain_tier, reconstructed
        from score_history, unnest($1::int[]) d where as_of = $2`;
    await pool.query("delete from score_history where reconstructed");
    await pool.query("delete from scoring_runs where reconstructed");
    const ages = [...Array.from({ length: 30 }, (_, index) => index + 1), 300, 500];
    await pool.query(runs, [ages, firstAsOf]);
    await pool.query(history, [ages, firstAsOf]);
    await pruneScores(shop);
    const { rows } = await pool.query<{ age: number }>(
      "select distinct $1::date - as_of as age from score_history order by age",
      [firstAsOf],
    );
    const left = rows.map(({ age }) => age);
    expect(left.slice(0, 14)).toEqual(Array.from({ length: 14 }, (_, index) => index));
    // The first run of each of three weeks before that, and of one within the retention period.
    const older = left.slice(14);
    expect(older.at(-1)).toBe(300);
    expect(older.length).toBeGreaterThanOrEqual(3);
    expect(older.length).toBeLessThanOrEqual(5);
    expect(await readReplayDifferences(shop)).toEqual([]);
  });

  it("can be replayed where runs were days apart, even if the updates between older ones are purged", async () => {
    const order = async (later: number, customer: string) => {
      toDay(later);
      await placeOrder(shop, customer, { day: dayOf(firstAsOf, later), amountMinor: 15_000 });
      await runRescore(shop);
    };
    const customer = await lowCustomer();
    await order(2, customer);
    for (const later of [10, 21, 25]) {
      await order(later - 1, String(90 + later));
      toDay(later);
      await runScoring(shop);
      expect(await readReplayDifferences(shop)).toEqual([]);
    }
    const { rows } = await pool.query("select 1 from score_updates where as_of < $1", [
      dayOf(firstAsOf, 10),
    ]);
    expect(rows).toEqual([]);
  });
});

describe("marks", () => {
  it("wait for the next run where the gate refused", async () => {
    await pool.query("update orders set left_out = 'test' where day < '2026-11-12'");
    await runScoring(shop);
    await placeOrder(shop, "99", { day: dayOf(firstAsOf), amountMinor: 2_000 });
    await runRescore(shop);
    expect((await scoreRows()).size).toBe(0);
    expect(await markedCustomers(shop)).toEqual(["99"]);
    await pool.query("update orders set left_out = null");
    await runScoring(shop);
    expect(await markedCustomers(shop)).toEqual([]);
    expect((await scoreRows()).get("99")).toMatchObject({ rescored: false });
  });

  it("that are set while a customer is rescored are not lost, and nothing is done twice", async () => {
    const customer = await lowCustomer();
    await placeOrder(shop, customer, { day: dayOf(firstAsOf), amountMinor: 1_000 });
    const frequency = async () => (await scoreRows()).get(customer)?.spent_minor;
    const holder = await pool.connect();
    // The order of a second webhook is stored but not committed when the first is rescored.
    await holder.query("begin");
    await holder.query("update changed_customers set mark = mark + 1000 where shop = $1", [shop]);
    await runRescore(shop);
    expect(await frequency()).toBe(
      (
        await pool.query<{ spent_minor: string }>(
          "select spent_minor from kept_scores where customer_id = $1",
          [customer],
        )
      ).rows[0]!.spent_minor,
    );
    await holder.query("commit");
    holder.release();
    await runRescore(shop);
    expect(await markedCustomers(shop)).toEqual([]);
    const expected = await expectedScores(firstAsOf);
    expect((await scoreRows()).get(customer)).toMatchObject(expected.get(customer)!);
  });

  it("are removed together with saving the scores, or not at all if the work is interrupted", async () => {
    const customer = await lowCustomer();
    await placeOrder(shop, customer, { day: dayOf(firstAsOf), amountMinor: 15_000 });
    const before = await scoreRows();
    // At the very end: when the transaction is to commit.
    await pool.query(
      `create FUNCTION cut() RETURNS trigger LANGUAGE plpgsql as $$ begin RAISE 'cut off'; end $$`,
    );
    await pool.query(
      "create CONSTRAINT TRIGGER cut AFTER delete on changed_customers DEFERRABLE INITIALLY DEFERRED for EACH row EXECUTE FUNCTION cut()",
    );
    await expect(runRescore(shop)).rejects.toThrow("cut off");
    expect(await scoreRows()).toEqual(before);
    expect(await markedCustomers(shop)).toEqual([customer]);
    expect((await pool.query("select 1 from score_updates")).rowCount).toBe(0);
    await pool.query("drop FUNCTION cut() cascade");
    await runRescore(shop);
    expect(await markedCustomers(shop)).toEqual([]);
  });
});
