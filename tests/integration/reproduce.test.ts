import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { runId, shopDomain, type RunId } from "#app/lib/ids.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { dayNumber } from "#app/lib/calendar.ts";
import { reproduceRun } from "../../scripts/reproduce/read-run.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

const shop = shopDomain("reproduced.myshopify.com");
const asOf = "2026-11-22";

type Run = { id: RunId; customers: number };

async function runs(): Promise<Run[]> {
  const { rows } = await pool.query<{ id: string; customers: number }>(
    `SELECT id, (totals->>'customers')::int AS customers FROM scoring_runs
      WHERE shop = $1 AND outcome = 'scored' ORDER BY as_of DESC`,
    [shop],
  );
  return rows.map(({ id, customers }) => ({ id: runId(id), customers }));
}

beforeAll(async () => {
  await storeShop(shop);
  await storePurchases(shop, smallStore(dayNumber(asOf)));
  await runScoring(shop, { asOf });
  // What only the orders could tell must not be needed any more.
  await pool.query("DELETE FROM orders WHERE shop = $1", [shop]);
});

afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

describe("making runs again", () => {
  it("gives parameters and every score to the last bit, for the newest run and each week", async () => {
    const all = await runs();
    expect(all).toHaveLength(14);
    for (const { id, customers } of all) {
      expect(await reproduceRun(shop, id)).toEqual({ kind: "same", customers });
    }
  });

  it("keeps of the newest run also what only the current scores have", async () => {
    const [newest] = await runs();
    const moved = `UPDATE scores SET spend_high_minor = spend_high_minor * $2
                    WHERE shop = $1 AND customer_id = (SELECT max(customer_id) FROM scores)`;
    await pool.query(moved, [shop, 2]);
    expect(await reproduceRun(shop, newest!.id)).toEqual({
      kind: "different",
      differences: ["spendHigh of 1 customers"],
    });
    await pool.query(moved, [shop, 0.5]);
    expect(await reproduceRun(shop, newest!.id)).toMatchObject({ kind: "same" });
  });

  it("tells no run from a refused one, and knows only the shop's own", async () => {
    const [newest] = await runs();
    expect(await reproduceRun(shop, runId("none"))).toBeNull();
    expect(await reproduceRun(shopDomain("other.myshopify.com"), newest!.id)).toBeNull();
  });

  it("says that it no longer can once a customer was taken out of it", async () => {
    const oldest = (await runs()).at(-1)!;
    const taken = await pool.query<{ customer_id: string }>(
      `UPDATE score_history SET shop = 'elsewhere' WHERE shop = $1 AND customer_id =
         (SELECT min(h.customer_id) FROM score_history h JOIN scoring_runs r USING (shop, as_of)
           WHERE r.shop = $1 AND r.id = $2) RETURNING customer_id`,
      [shop, oldest.id],
    );
    expect(taken.rowCount).toBeGreaterThan(0);
    expect(await reproduceRun(shop, oldest.id)).toEqual({
      kind: "incomplete",
      kept: oldest.customers - 1,
      customers: oldest.customers,
    });
    await pool.query("UPDATE score_history SET shop = $1", [shop]);
    expect(await reproduceRun(shop, oldest.id)).toMatchObject({ kind: "same" });
  });
});
