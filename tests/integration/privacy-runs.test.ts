import { afterAll, beforeAll, expect, it } from "vitest";

import { dayNumber } from "#app/lib/calendar.ts";
import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { runId, shopDomain } from "#app/lib/ids.ts";
import { eraseCustomer } from "#app/privacy/erasure/erase-customer.server.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

import { reproduceRun } from "../../scripts/reproduce/read-run.ts";

const shop = shopDomain("redacted.myshopify.com");
const asOf = "2026-11-22";

beforeAll(async () => {
  await storeShop(shop);
  await storePurchases(shop, smallStore(dayNumber(asOf)));
  await runScoring(shop, { asOf });
});

afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

it("a run that included an erased customer reports that it can no longer be reproduced", async () => {
  // A customer whose first order is later than the oldest run, which does not include them.
  const { rows: young } = await pool.query<{ customer_id: string; runs: number }>(
    `select customer_id, count(*)::int as runs from score_history where shop = $1
      group by customer_id having count(*) between 2 and 12 order by 1 limit 1`,
    [shop],
  );
  const { customer_id: customerId, runs } = young[0]!;
  await inTransaction((client) => eraseCustomer(client, shop, { customerId, except: "" }));

  const { rows } = await pool.query<{ id: string }>("select id from scoring_runs where shop = $1", [
    shop,
  ]);
  const kinds = await Promise.all(
    rows.map(async ({ id }) => (await reproduceRun(shop, runId(id)))?.kind),
  );
  expect(kinds.filter((kind) => kind === "redacted")).toHaveLength(runs);
  expect(kinds.filter((kind) => kind === "same")).toHaveLength(rows.length - runs);

  // The next run does not include the customer, and can be reproduced.
  await runScoring(shop, { asOf: "2026-11-23" });
  const { rows: newest } = await pool.query<{ id: string }>(
    "select id from scoring_runs where shop = $1 and as_of = '2026-11-23'",
    [shop],
  );
  expect(await reproduceRun(shop, runId(newest[0]!.id))).toMatchObject({ kind: "same" });
  const back = await pool.query("select 1 from scores where shop = $1 and customer_id = $2", [
    shop,
    customerId,
  ]);
  expect(back.rowCount).toBe(0);
});
