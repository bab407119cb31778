import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { dayNumber } from "#app/lib/calendar.ts";
import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { type RunId, runId, shopDomain } from "#app/lib/ids.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

import { reproduceRun } from "../../scripts/reproduce/read-run.ts";

const shop = shopDomain("reproduced.myshopify.com");
const asOf = "2026-11-22";

type Run = { id: RunId; customers: number };

async function runs(): Promise<Run[]> {
  const { rows } = await pool.query<{ id: string; customers: number }>(
    `select id, (totals->>'customers')::int as customers from scoring_runs
      where shop = $1 and outcome = 'scored' order by as_of desc`,
    [shop],
  );
  return rows.map(({ id, customers }) => ({ id: runId(id), customers }));
}

beforeAll(async () => {
  await storeShop(shop);
  await storePurchases(shop, smallStore(dayNumber(asOf)));
  await runScoring(shop, { asOf });
  // The orders must not be needed.
  await pool.query("delete from orders where shop = $1", [shop]);
});

afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

describe("reproducing runs", () => {
  it("gives bit-identical parameters and scores, for the newest run and each week", async () => {
    const all = await runs();
    expect(all).toHaveLength(14);
    for (const { id, customers } of all) {
      expect(await reproduceRun(shop, id)).toEqual({ kind: "same", customers });
    }
  });

  it("includes the columns of the current scores for the newest run", async () => {
    const [newest] = await runs();
    const moved = `update scores set spend_high_minor = spend_high_minor * $2
                    where shop = $1 and customer_id = (select max(customer_id) from scores)`;
    await pool.query(moved, [shop, 2]);
    expect(await reproduceRun(shop, newest!.id)).toEqual({
      kind: "different",
      differences: ["spendHigh of 1 customers"],
    });
    await pool.query(moved, [shop, 0.5]);
    expect(await reproduceRun(shop, newest!.id)).toMatchObject({ kind: "same" });
  });

  it("finds nothing for a refused run, or a run of another shop", async () => {
    const [newest] = await runs();
    expect(await reproduceRun(shop, runId("none"))).toBeNull();
    expect(await reproduceRun(shopDomain("other.myshopify.com"), newest!.id)).toBeNull();
  });

  it("reports that a run cannot be reproduced once a customer was removed", async () => {
    const oldest = (await runs()).at(-1)!;
    const taken = await pool.query<{ customer_id: string }>(
      `update score_history set shop = 'elsewhere' where shop = $1 and customer_id =
         (select min(h.customer_id) from score_history h join scoring_runs r using (shop, as_of)
           where r.shop = $1 and r.id = $2) returning customer_id`,
      [shop, oldest.id],
    );
    expect(taken.rowCount).toBeGreaterThan(0);
    expect(await reproduceRun(shop, oldest.id)).toEqual({
      kind: "incomplete",
      kept: oldest.customers - 1,
      customers: oldest.customers,
    });
    await pool.query("update score_history set shop = $1", [shop]);
    expect(await reproduceRun(shop, oldest.id)).toMatchObject({ kind: "same" });
  });
});
