import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { closeDatabase, pool, prisma } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { loadPurchases } from "#app/orders/purchases/purchase-days.server.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { readLatestRun } from "#app/scoring/store/latest-run.server.ts";
import { readHome } from "#app/scoring/views/home.server.ts";
import {
  type CurrentTier,
  currentTier,
  fitStore,
  type HorizonDays,
  scoreStore,
  spendIntervals,
  type StoreFit,
  summarize,
  tiers,
  traced,
} from "#engine";
import { KeptTables } from "#tests/setup/kept-tables.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

const shop = shopDomain("scored.myshopify.com");
const asOf = "2026-11-22";
const asOfDay = dayNumber(asOf);

const scored = new KeptTables(pool);

beforeAll(async () => {
  await storeShop(shop);
  await storePurchases(shop, smallStore(asOfDay));
  const outcome = await runScoring(shop, { asOf });
  expect(outcome.kind).toBe("scored");
  await scored.keep();
}, 120_000);

beforeEach(() => scored.restore());

afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

async function waitingPushes(): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    "select count(*)::int as count from pgboss.job where name = 'writeback.push' and state = 'created'",
  );
  return rows[0]?.count ?? 0;
}

async function snapshot() {
  const [scores, history, runs] = await Promise.all([
    pool.query(`select to_jsonb(s) - 'run_id' as row from scores s order by customer_id`),
    pool.query(`select * from score_history order by as_of, customer_id`),
    pool.query(
      `select to_jsonb(r) - 'id' - 'created_at' as row from scoring_runs r order by as_of`,
    ),
  ]);
  return { scores: scores.rows, history: history.rows, runs: runs.rows };
}

describe("scoring a shop", () => {
  it("stores exactly the engine's results for every customer", async () => {
    const { purchases, customerIds } = await loadPurchases(shop);
    const summary = summarize(purchases, asOfDay);
    const options = { asOfDay, fullHistory: true, rehearse: true };
    const result = fitStore(summary, purchases, options);
    if (result.kind !== "fitted") throw new Error("the gate refused");
    const known = traced(purchases, summary, result.fit);
    const scores = scoreStore(known, result.fit);
    const intervals = spendIntervals(known, result.fit, scores);
    const history = await prisma.scoreHistory.findMany({ where: { shop, asOf: new Date(asOf) } });
    const plain = new Map(history.map((row) => [row.customerId, row]));
    const kept = new Map(
      (await prisma.score.findMany({ where: { shop } })).map((row) => [row.customerId, row]),
    );
    expect(kept.size).toBe(summary.customers);
    const spent = await pool.query<{ customer_id: string; spent: string }>(
      "select customer_id, sum(amount_minor)::text as spent from orders group by 1",
    );
    const spentOf = new Map(spent.rows.map((row) => [row.customer_id, row.spent]));
    for (let row = 0; row < summary.customers; row++) {
      const id = customerIds[summary.index[row]];
      expect(kept.get(id)).toMatchObject({
        frequency: summary.frequency[row],
        recencyDays: summary.recencyDays[row],
        ageDays: summary.ageDays[row],
        meanSpendMinor: summary.meanSpend[row],
        buyProbability: scores.buyProbability[row],
        expectedSpendMinor: scores.expectedSpend[row],
        spendLowMinor: intervals.low[row],
        spendHighMinor: intervals.high[row],
        spendLowIfAnyMinor: intervals.lowIfAny[row],
        spendHighIfAnyMinor: intervals.highIfAny[row],
      });
      expect(plain.get(id)).toMatchObject({
        clvPlainTier: tiers[scores.clvTier[row]],
        buyPlainTier: tiers[scores.buyTier[row]],
        clvTier: kept.get(id)?.clvTier,
        buySince: kept.get(id)?.buySince,
        days30: known.traces?.days30[row],
        daysYearAgo: known.traces?.yearAgo[row],
        lastGapDays: known.traces?.lastGap[row],
      });
      expect(String(kept.get(id)?.spentMinor)).toBe(spentOf.get(id));
    }
  });

  it("shows on the home screen bars that add up to all customers, on both axes", async () => {
    const home = await readHome(shop);
    if (home.state !== "scored") throw new Error(`home is ${home.state}`);
    for (const rows of Object.values(home.scored.axes)) {
      expect(rows.map((row) => row.tier)).toEqual([...tiers]);
      expect(rows.reduce((sum, row) => sum + row.customers, 0)).toBe(home.scored.customers);
    }
    const { rows } = await pool.query<{ spent: string; expected: number }>(
      "select sum(spent_minor)::text as spent, sum(expected_spend_minor) as expected from scores",
    );
    const sums = home.scored.axes.clv;
    expect(sums.reduce((sum, row) => sum + row.spentMinor, 0)).toBe(Number(rows[0]?.spent));
    expect(sums.reduce((sum, row) => sum + row.expectedSpendMinor, 0)).toBeCloseTo(
      rows[0]?.expected ?? 0,
      -1,
    );
    expect(home.scored).toMatchObject({ asOf, reconstructedWeeks: 13 });
    expect(home.progress).toEqual([
      { task: "score", state: "done", done: 14, total: 14, errorCode: null },
    ]);
  });

  it("scores each of the previous thirteen weeks with what was known then", async () => {
    const fullHistory = await pool.query(
      "select count(*)::int as rows from score_history where as_of = '2026-10-25' and reconstructed",
    );
    await pool.query("delete from orders where day >= '2026-10-25'");
    const { purchases } = await loadPurchases(shop);
    const then = summarize(purchases, dayNumber("2026-10-25"));
    expect(fullHistory.rows).toEqual([{ rows: then.customers }]);
    const weeks = await pool.query<{ as_of: string }>(
      "select as_of::text from scoring_runs where reconstructed order by as_of desc",
    );
    expect(weeks.rows.map((row) => row.as_of)).toEqual(
      Array.from({ length: 13 }, (_, k) => isoDay(asOfDay - 7 * (k + 1))),
    );
    const kept = await prisma.scoreHistory.findMany({
      where: { shop, asOf: new Date("2026-10-25") },
    });
    const result = fitStore(then, purchases, {
      asOfDay: dayNumber("2026-10-25"),
      fullHistory: true,
      horizonDays: (await readLatestRun(shop))?.horizonDays as HorizonDays,
      rehearse: true,
    });
    if (result.kind !== "fitted") throw new Error("the gate refused");
    const known = traced(purchases, then, result.fit);
    const expected = [...scoreStore(known, result.fit).buyProbability].sort();
    expect(kept.map((row) => row.buyProbability).sort()).toEqual(expected);
  });

  it("gives each customer the tier that follows from the tier of the week before", async () => {
    const { rows: runs } = await pool.query<{ as_of: string; fit: StoreFit }>(
      "select as_of::text, fit from scoring_runs where outcome = 'scored' order by as_of",
    );
    expect(runs).toHaveLength(14);
    const stands = new Map<string, { frequency: number; spent: number; standing: CurrentTier }>();
    let held = 0;
    const moves: string[] = [];
    for (const { as_of: day, fit } of runs) {
      const kept = await prisma.scoreHistory.findMany({ where: { shop, asOf: new Date(day) } });
      for (const row of kept) {
        const known = stands.get(row.customerId);
        const spent = Math.round(row.meanSpendMinor * (row.frequency + 1));
        const placement = {
          axis: "buy" as const,
          value: row.buyProbability,
          isNew: row.buyPlainTier === "new",
          ordered: known !== undefined && (row.frequency > known.frequency || spent > known.spent),
          day: dayNumber(day),
        };
        const standing = currentTier(placement, fit.thresholds, known?.standing ?? null);
        expect(row.buyTier).toBe(tiers[standing.tier]);
        expect(dayNumber(row.buySince.toISOString().slice(0, 10))).toBe(standing.sinceDay);
        if (row.buyTier !== row.buyPlainTier) held++;
        if (known && known.standing.tier !== standing.tier) moves.push(`${day} ${row.customerId}`);
        stands.set(row.customerId, { frequency: row.frequency, spent, standing });
      }
    }
    expect(held).toBeGreaterThan(0);
    const changes = await prisma.tierChange.findMany({ where: { shop, axis: "buy" } });
    const told = changes.map((row) => `${row.asOf.toISOString().slice(0, 10)} ${row.customerId}`);
    expect(told.sort()).toEqual(moves.sort());
    expect(moves.length).toBeGreaterThan(0);
  });

  it("ends in the same state when it was stopped at any point and run again", async () => {
    const undisturbed = await snapshot();

    // The state after the nine oldest weeks.
    const undone = [isoDay(asOfDay - 28)];
    await pool.query("delete from scoring_runs where reconstructed and as_of >= $1", undone);
    await pool.query("delete from score_history where reconstructed and as_of >= $1", undone);
    await runScoring(shop, { asOf });
    expect(await snapshot()).toEqual(undisturbed);
  });

  it("does not reconstruct other weeks on a later day", async () => {
    await runScoring(shop, { asOf: isoDay(asOfDay + 1) });
    expect(await prisma.scoringRun.count({ where: { reconstructed: true } })).toBe(13);
    expect(await prisma.scoringRun.count({ where: { reconstructed: false } })).toBe(2);
  });

  it("refuses a young shop with reasons, and removes its scores", async () => {
    await pool.query("delete from orders where day < '2026-11-12'");
    const outcome = await runScoring(shop, { asOf });
    expect(outcome).toMatchObject({ kind: "refused" });
    expect(outcome.kind === "refused" && outcome.unmet).toContain("history");
    expect(await prisma.score.count()).toBe(0);
    const home = await readHome(shop);
    if (home.state !== "refused") throw new Error(`home is ${home.state}`);
    expect(home.rules.find((rule) => rule.code === "history")).toMatchObject({
      passed: false,
      unit: "days",
      expectedOn: expect.stringMatching(/^202[67]-/),
    });
  });

  it("enqueues a write only when the merchant agreed and there is something to write", async () => {
    const before = await pool.query("select to_regclass('pgboss.job') is not null as made");
    if (before.rows[0]?.made) expect(await waitingPushes()).toBe(0);
    await prisma.shop.update({ where: { shop }, data: { writingAgreedAt: new Date() } });
    await runScoring(shop, { asOf });
    expect(await waitingPushes()).toBe(1);
    await pool.query("delete from pgboss.job");
    await prisma.shop.update({ where: { shop }, data: { fullHistory: false } });
    await runScoring(shop, { asOf });
    expect(await waitingPushes()).toBe(0);
  });
});

describe("a shop that was not scored yet", () => {
  it("shows the progress of the import and the orders so far", async () => {
    const held = "shops, orders, progress, scoring_runs, scores, score_history, tier_changes";
    await pool.query(`truncate ${held}`);
    await storeShop(shop);
    await storePurchases(shop, smallStore(asOfDay, 50));
    const home = await readHome(shop);
    const { rows } = await pool.query<{ count: number }>("select count(*)::int from orders");
    expect(home).toMatchObject({ state: "importing", basis: { orders: rows[0]?.count } });
  });
});
