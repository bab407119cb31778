import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import { dayNumber } from "#app/lib/calendar.ts";
import { closeDatabase, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { runPrivacy } from "#app/privacy/handle-requests.server.ts";
import {
  handOver,
  listRequests,
  readReport,
  readWaiting,
} from "#app/privacy/reports/reports.server.ts";
import { heldTables } from "#app/privacy/tables.ts";
import { startQueue, stopQueue } from "#app/queue/queue.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { smallStore, storePurchases, storeShop } from "#tests/stores/stored-orders.ts";

import { action as privacy } from "../../app/routes/webhooks.privacy.ts";
import { delivery, requestBody } from "../setup/webhook.ts";

const shop = shopDomain("asked.myshopify.com");
const other = shopDomain("other.myshopify.com");
const asOf = "2026-11-22";

beforeAll(async () => {
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
  await storeShop(shop);
  await storePurchases(shop, smallStore(dayNumber(asOf)));
  await runScoring(shop, { asOf });
});

beforeEach(async () => {
  await pool.query("truncate privacy_reports, webhook_inbox");
});

afterAll(async () => {
  await stopQueue();
  await closeDatabase();
});

/** A customer with a row in every table. */
async function anybody(): Promise<string> {
  const { rows } = await pool.query<{ customer_id: string }>(
    `select customer_id from tier_changes where shop = $1
      group by customer_id order by count(*) desc, customer_id limit 1`,
    [shop],
  );
  return rows[0]!.customer_id;
}

it("a request for data is answered with every row about the customer, for the merchant", async () => {
  const customerId = await anybody();
  await pool.query(
    `insert into written_states (shop, customer_id, tags, expected_spend)
     values ($1, $2, '{clv:high,buy:low}', '42.0')`,
    [shop, customerId],
  );
  const body = requestBody.requestData({ shop, customerId });
  for (let time = 0; time < 2; time += 1) {
    await privacy(delivery({ shop, topic: "customers/data_request", body, webhookId: "asks" }));
    await runPrivacy(shop);
  }

  const [request, ...more] = await listRequests(shop);
  expect(more).toEqual([]);
  expect(request).toMatchObject({ id: "asks", customerId, handedOverOn: null });
  const days = dayNumber(request!.dueOn) - dayNumber(request!.requestedOn);
  expect(days).toBe(30);
  expect(await readWaiting(shop)).toEqual({ count: 1, dueOn: request!.dueOn });
  expect(await readWaiting(other)).toBeNull();
  expect(await readReport(other, "asks")).toBeNull();

  const report = (await readReport(shop, "asks"))!;
  expect(report.file).not.toContain("jane");
  const { held } = JSON.parse(report.file) as { held: Record<string, unknown[]> };
  for (const { table, customer, told } of heldTables) {
    if (customer === null || told !== true) continue;
    const rows = await pool.query(`select 1 from ${table} where shop = $1 and ${customer} = $2`, [
      shop,
      customerId,
    ]);
    expect({ table, rows: held[table]?.length }).toEqual({ table, rows: rows.rowCount });
  }
  expect(report.held).toMatchObject({
    score: { spentMinor: expect.any(Number) as number },
    written: ["clv:high", "buy:low", "expected_spend: 42.0"],
    excluded: false,
  });
  expect(report.held.orders.length).toBe(held.orders?.length);
  expect(report.held.moves.length).toBe(held.tier_changes?.length);
  const earlier = [...(held.score_history ?? []), ...(held.score_updates ?? [])];
  expect(report.held.earlierScores).toBe(earlier.length);

  expect(await handOver(other, "asks")).toBe(false);
  expect(await readWaiting(shop)).not.toBeNull();
  expect(await handOver(shop, "asks")).toBe(true);
  expect(await readWaiting(shop)).toBeNull();
  expect((await listRequests(shop))[0]?.handedOverOn).not.toBeNull();
});

it("states for each order whether it counts in this store", async () => {
  await pool.query(
    `insert into orders (shop, order_id, customer_id, processed_at, updated_at, day, amount_minor, test, tags, left_out)
     values ($1, '901', '77', '2026-05-05', '2026-05-05', '2026-05-05', 900, true, '{}', 'test'),
            ($1, '902', '77', '2026-05-04', '2026-05-04', '2026-05-04', 900, false, '{}', null),
            ($1, '903', '77', '1921-05-03', '2026-05-03', '1921-05-03', 900, false, '{}', null)`,
    [shop],
  );
  const body = requestBody.requestData({ shop, customerId: "77" });
  for (const developmentStore of [false, true]) {
    await pool.query("update shops set development_store = $2 where shop = $1", [
      shop,
      developmentStore,
    ]);
    const webhookId = `asks-${String(developmentStore)}`;
    await privacy(delivery({ shop, topic: "customers/data_request", body, webhookId }));
    await runPrivacy(shop);
    const report = (await readReport(shop, webhookId))!;
    expect(report.held.orders.map(({ id, counts }) => [id, counts])).toEqual([
      ["901", developmentStore],
      ["902", true],
      ["903", false],
    ]);
  }
});

it("a request about an unknown customer has an empty report", async () => {
  const body = requestBody.requestData({ shop, customerId: "4" });
  await privacy(delivery({ shop, topic: "customers/data_request", body, webhookId: "unknown" }));
  await runPrivacy(shop);
  const report = (await readReport(shop, "unknown"))!;
  expect(report.held).toMatchObject({ orders: [], score: null, moves: [], earlierScores: 0 });
});
