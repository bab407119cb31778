import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { dayNumber, isoDay } from "#app/lib/calendar.ts";
import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import type { JudgedWeek } from "#app/scoring/store/judged-week.ts";
import { readJudgedWeeks, readNextVerdict } from "#app/scoring/store/judgements.server.ts";
import { KeptTables } from "#tests/setup/kept-tables.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

const shop = shopDomain("ledger.myshopify.com");
/** All orders are of days before this one. */
const endDay = dayNumber("2026-11-22");
/** Thirteen weeks are lived, after thirteen that are reconstructed. */
const WEEKS = 13;
const firstDay = endDay - 7 * WEEKS;

const lived = new KeptTables(pool);
let ledger: JudgedWeek[];

beforeAll(async () => {
  await storeShop(shop);
  await storePurchases(shop, smallStore(endDay));
  for (let day = firstDay; day <= endDay; day += 7) {
    const outcome = await runScoring(shop, { asOf: isoDay(day) });
    expect(outcome.kind).toBe("scored");
  }
  ledger = await readJudgedWeeks(shop, 100);
  await lived.keep();
}, 240_000);

beforeEach(() => lived.restore());

afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

type Row = {
  customer_id: string;
  p: number;
  value: number;
  clv: string;
  buy: string;
  spent_before: number;
  spent: number;
  days: number;
};

/** What was shown on a day, and what the stored orders say of the horizon after it. */
async function shownAndDone({ asOf, horizonDays }: JudgedWeek): Promise<Row[]> {
  const { rows } = await pool.query<Row>(
    `select h.customer_id, h.buy_probability as p, h.expected_spend_minor as value,
            h.clv_tier as clv, h.buy_tier as buy,
            coalesce(sum(o.amount_minor) filter (where o.day < $2::date), 0)::float8 as spent_before,
            coalesce(sum(o.amount_minor) filter (where o.day >= $2::date), 0)::float8 as spent,
            count(distinct o.day) filter (where o.day >= $2::date)::int as days
       from score_history h
       left join orders o on o.shop = h.shop and o.customer_id = h.customer_id
                         and o.left_out is null and o.day < $2::date + $3::int
      where h.shop = $1 and h.as_of = $2::date group by 1, 2, 3, 4, 5`,
    [shop, asOf, horizonDays],
  );
  return rows;
}

/** Of all pairs of a buyer and another customer, the share in which the buyer has the higher score. */
function pairsInOrder(rows: Row[], score: (row: Row) => number): number {
  const buyers = rows.filter(({ days }) => days > 0);
  const others = rows.filter(({ days }) => days === 0);
  let right = 0;
  for (const buyer of buyers) {
    for (const other of others) {
      const difference = score(buyer) - score(other);
      right += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
    }
  }
  return right / (buyers.length * others.length);
}

function total(rows: Row[], of: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}

describe("the ledger", () => {
  it("has each week whose horizon is over, once, and no other", () => {
    const days = Array.from({ length: 2 * WEEKS + 1 }, (_, k) => firstDay + 7 * (k - WEEKS));
    const horizon = ledger[0].horizonDays;
    const over = days.filter((day) => day + horizon < endDay);
    expect(ledger.map(({ asOf }) => asOf)).toEqual(over.reverse().map(isoDay));
    expect(over.length).toBeGreaterThan(WEEKS / 2);
    for (const { asOf, reconstructed } of ledger) {
      expect(reconstructed).toBe(dayNumber(asOf) < firstDay);
    }
  });

  it("equals what the kept scores and the stored orders say", async () => {
    for (const week of ledger) {
      const rows = await shownAndDone(week);
      const { result } = week;
      expect(result.customers).toBe(rows.length);
      expect(result.buyers).toBe(rows.filter(({ days }) => days > 0).length);
      expect(result.orders).toBe(total(rows, ({ days }) => days));
      expect(result.spend).toBeCloseTo(
        total(rows, ({ spent }) => spent),
        4,
      );
      expect(result.expectedBuyers).toBeCloseTo(
        total(rows, ({ p }) => p),
        6,
      );
      expect(result.expectedSpend).toBeCloseTo(
        total(rows, ({ value }) => value),
        2,
      );
      expect(result.auc).toBeCloseTo(
        pairsInOrder(rows, ({ p }) => p),
        10,
      );
      const loss = total(rows, ({ p, days }) => -Math.log(days > 0 ? p : 1 - p)) / rows.length;
      expect(result.logLoss).toBeCloseTo(loss, 8);
      const rate = result.buyers / result.customers;
      expect(result.baseLogLoss).toBeCloseTo(
        -(rate * Math.log(rate) + (1 - rate) * Math.log(1 - rate)),
        10,
      );
      const pastSpend = result.baselines.find(({ baseline }) => baseline === "past-spend");
      expect(pastSpend?.auc).toBeCloseTo(
        pairsInOrder(rows, (row) => row.spent_before),
        6,
      );
    }
  });

  it("says of each tier how many were in it, how many were expected to buy, and how many did", async () => {
    for (const week of ledger) {
      const rows = await shownAndDone(week);
      for (const axis of ["clv", "buy"] as const) {
        for (const outcome of week.result.tiers[axis]) {
          const inTier = rows.filter((row) => row[axis] === outcome.tier);
          expect(outcome.customers).toBe(inTier.length);
          expect(outcome.buyers).toBe(inTier.filter(({ days }) => days > 0).length);
          expect(outcome.expectedBuyers).toBeCloseTo(
            total(inTier, ({ p }) => p),
            6,
          );
          expect(outcome.expectedSpend).toBeCloseTo(
            total(inTier, ({ value }) => value),
            2,
          );
          expect(outcome.spend).toBeCloseTo(
            total(inTier, ({ spent }) => spent),
            4,
          );
        }
      }
    }
  });

  it("counts each customer in one bin of the calibration", () => {
    for (const { result } of ledger) {
      const { calibration } = result;
      expect(calibration.reduce((sum, bin) => sum + bin.customers, 0)).toBe(result.customers);
      const seen = calibration.reduce((sum, bin) => sum + bin.customers * bin.observed, 0);
      expect(seen).toBeCloseTo(result.buyers, 6);
    }
  });

  it("keeps a judgement as it was made", async () => {
    const [newest] = ledger;
    await pool.query("delete from orders where shop = $1 and day >= $2::date", [shop, newest.asOf]);
    await runScoring(shop, { asOf: isoDay(endDay) });
    expect((await readJudgedWeeks(shop, 100)).map(({ result }) => result)).toEqual(
      ledger.map(({ result }) => result),
    );
  });

  it("says when the next week can be judged", async () => {
    const day = await readNextVerdict(shop);
    const [newest] = ledger;
    expect(day).toBe(isoDay(dayNumber(newest.asOf) + 7 + newest.horizonDays));
  });
});
