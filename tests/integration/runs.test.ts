import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { dayNumber } from "#app/lib/calendar.ts";
import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { recordFailedJob } from "#app/queue/failed-jobs.server.ts";
import { startQueue } from "#app/queue/queue.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { readRuns } from "#app/scoring/views/runs.server.ts";
import { SHOWN_RUNS } from "#app/scoring/views/runs.ts";
import { setClock } from "#tests/setup/clock.ts";
import { KeptTables } from "#tests/setup/kept-tables.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

const shop = shopDomain("mine.myshopify.com");
const other = shopDomain("theirs.myshopify.com");
const scored = new KeptTables(pool);
const nights = ["2026-11-10", "2026-11-17", "2026-11-24"];

beforeAll(async () => {
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
  for (const domain of [shop, other]) await storeShop(domain);
  await storePurchases(shop, smallStore(dayNumber("2026-11-30"), 420));
  for (const night of nights) {
    setClock(`${night}T02:00:00Z`);
    await runScoring(shop, { weeks: 4 });
  }
  setClock("2026-11-24T12:00:00Z");
  await storePurchases(other, smallStore(dayNumber("2026-11-30"), 12));
  await runScoring(other, { weeks: 0 });
  await scored.keep();
}, 240_000);

beforeEach(() => scored.restore());

afterAll(async () => {
  await closeDatabase();
});

type Change = { axis: "clv" | "buy"; from_tier: string; to_tier: string };

/** Counted from the changes themselves. */
async function movesOf(run: string) {
  const { rows } = await pool.query<Change>(
    "select axis, from_tier, to_tier from tier_changes where shop = $1 and run_id = $2",
    [shop, run],
  );
  const worth = ["low", "moderate", "high"];
  const moves = { clv: { up: 0, down: 0 }, buy: { up: 0, down: 0 } };
  for (const { axis, from_tier, to_tier } of rows) {
    if (from_tier === "new" || to_tier === "new") continue;
    moves[axis][worth.indexOf(to_tier) > worth.indexOf(from_tier) ? "up" : "down"] += 1;
  }
  return moves;
}

describe("the list of runs", () => {
  it("has each scoring with its customers, orders and moves, and the weeks as one", async () => {
    const { runs, more } = await readRuns(shop);
    expect(more).toBe(false);
    const scorings = runs.flatMap((run) => (run.kind === "score" ? [run] : []));
    expect(scorings.map(({ at }) => at.slice(0, 10))).toEqual([...nights].reverse());
    let moved = 0;
    for (const { id, at, orders, scored } of scorings) {
      const moves = await movesOf(id);
      expect(scored?.moves).toEqual(moves);
      moved += moves.clv.up + moves.clv.down + moves.buy.up + moves.buy.down;
      const { rows } = await pool.query<{ orders: number; customers: number }>(
        `select count(*)::int as orders, count(distinct customer_id)::int as customers
           from orders where shop = $1 and day <= ($2::date + 1)`,
        [shop, at.slice(0, 10)],
      );
      expect(orders).toBe(rows[0]?.orders);
      // The last day counts tomorrow.
      const known = await pool.query(
        "select 1 from score_history where shop = $1 and as_of = $2::date + 1",
        [shop, at.slice(0, 10)],
      );
      expect(scored?.customers).toBe(known.rowCount);
    }
    expect(moved).toBeGreaterThan(0);
    expect(runs.find(({ kind }) => kind === "weeks")).toMatchObject({ weeks: 4 });
  });

  it("has a refused scoring with the number of rules that were not met", async () => {
    const { runs } = await readRuns(other);
    const { rows } = await pool.query<{ gate: { passed: boolean }[] }>(
      "select gate from scoring_runs where shop = $1",
      [other],
    );
    const unmet = rows[0]?.gate.filter(({ passed }) => !passed).length;
    expect(unmet).toBeGreaterThan(0);
    expect(runs).toMatchObject([{ kind: "score", scored: null, unmet }]);
  });

  it("has imports and reconciliation runs, and the jobs that failed, of this shop alone", async () => {
    await pool.query(
      `insert into order_imports (shop, id, state, lines_loaded, orders_added, orders_changed,
                                  lines_unreadable, error_code, started_at, finished_at)
       values ($1, 'i1', 'done', 1300, 2, 3, 1, null, '2026-11-25 10:00Z', '2026-11-25 10:01Z'),
              ($1, 'i2', 'failed', 0, 0, 0, 0, 'shopify-bulk-failed', '2026-11-25 11:00Z', '2026-11-25 11:01Z'),
              ($1, 'i3', 'loading', 40, 0, 0, 0, null, '2026-11-25 12:00Z', null)`,
      [shop],
    );
    await pool.query(
      `insert into order_checks (shop, id, asked_by, asked_at, state, seen, missing, stale, wrong,
                                 removed, finished_at)
       values ($1, 'c1', 'night', '2026-11-25 09:00Z', 'done', 12, 1, 2, 3, 4, '2026-11-25 09:01Z')`,
      [shop],
    );
    await recordFailedJob({
      shop,
      task: "orders.import",
      errorCode: "shopify-bulk-failed",
      attempts: 5,
    });
    const { runs, failed, timeZone } = await readRuns(shop);
    expect(timeZone).toBe("Europe/London");
    expect(runs.slice(0, 4)).toEqual([
      {
        kind: "import",
        id: "i3",
        state: "running",
        orders: 40,
        ...none,
        at: "2026-11-25T12:00:00.000Z",
      },
      {
        ...{ kind: "import", id: "i2", state: "failed", orders: 0, ...none },
        ...{ errorCode: "shopify-bulk-failed", at: "2026-11-25T11:01:00.000Z" },
      },
      {
        ...{ kind: "import", id: "i1", state: "done", orders: 1_300, ...none },
        ...{ added: 2, changed: 3, unreadable: 1, at: "2026-11-25T10:01:00.000Z" },
      },
      {
        ...{ kind: "check", id: "c1", state: "done", orders: 12, ...none },
        ...{ added: 1, changed: 5, removed: 4, at: "2026-11-25T09:01:00.000Z" },
      },
    ]);
    expect(failed).toMatchObject([{ task: "orders.import", errorCode: "shopify-bulk-failed" }]);
    expect((await readRuns(other)).failed).toEqual([]);
    expect((await readRuns(other)).runs).toHaveLength(1);
  });

  it("is no longer than thirty, whatever there is", async () => {
    await pool.query(
      `insert into order_checks (shop, id, asked_by, asked_at, state, finished_at)
       select $1, 'night' || n, 'night', '2026-11-26Z'::timestamptz + n * interval '1 hour', 'done',
              '2026-11-26Z'::timestamptz + n * interval '1 hour' from generate_series(1, 90) n`,
      [shop],
    );
    const { runs, more } = await readRuns(shop);
    expect([runs.length, more]).toEqual([SHOWN_RUNS, true]);
    expect(runs.map(({ id }) => id)).toEqual(
      Array.from({ length: SHOWN_RUNS }, (_, back) => `night${String(90 - back)}`),
    );
  });
});

const none = { errorCode: null, added: 0, changed: 0, removed: 0, unreadable: 0 };
