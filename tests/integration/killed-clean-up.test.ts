import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";

import { openAdminApi } from "../../scripts/stack/admin-api.ts";
import { follow, Merchant } from "../../scripts/stack/merchant.ts";
import { type Stack, startStack } from "../../scripts/stack/stack.ts";

/** Slow enough that each step can be caught in the middle, fast enough for a test. */
const slow = ["--bulk-mutation-lines-per-second", "100", "--bulk-query-objects-per-second", "600"];

/** Each query returns a row exactly while the named step is in progress. */
const moments = {
  "while customers are looked for":
    "select 1 from progress, clean_ups c where task = 'cleanup' and state = 'running' and c.found is null",
  "while tags are removed":
    "select 1 from write_batches b, clean_ups c where b.state = 'running' and c.finished_at is null limit 1",
};

let stack: Stack;
let database: pg.Client;

beforeAll(async () => {
  stack = await startStack({
    shop: "generated",
    customers: 300,
    database: "encore_test_killed_clean_up",
    directory: ".data/logs/test-killed-clean-up",
    simulatorFlags: slow,
  });
  database = new pg.Client(stack.databaseUrl);
  await database.connect();
}, 120_000);

afterAll(async () => {
  await database.end();
  await stack.stop();
});

/** The number of customers with each of our tags, and the customers with one of the merchant's. */
async function tagged(): Promise<Record<string, number>> {
  const response = await fetch(`${stack.simulatorUrl}/__simulator/state?shop=${stack.shop}`);
  const state = (await response.json()) as { shops: { customersByTag: Record<string, number> }[] };
  return state.shops[0]?.customersByTag ?? {};
}

async function seen(sql: string): Promise<boolean> {
  return (await database.query(sql)).rowCount !== 0;
}

it("a clean-up whose worker is killed at every step still removes everything", async () => {
  let worker = stack.startWorker();
  const merchant = new Merchant(stack);
  await merchant.open();
  await follow(merchant, "score", () => undefined);
  await merchant.agreeToWriting();
  await follow(merchant, "write", () => undefined);
  const { rows } = await database.query<{ customer_id: string }>(
    "select customer_id from scores order by 1 limit 1",
  );
  const ask = await openAdminApi(stack);
  await ask(
    `mutation ($id: ID!) { tagsAdd(id: $id, tags: ["clv:gold"]) { userErrors { message } } }`,
    { id: `gid://shopify/Customer/${rows[0]?.customer_id ?? ""}` },
  );

  await merchant.cleanUp();
  const caught: string[] = [];
  for (const [name, sql] of Object.entries(moments)) {
    const end = Date.now() + 60_000;
    while (!(await seen(sql))) {
      if (Date.now() > end) throw new Error(`never came: ${name}`);
      await sleep(5);
    }
    await worker.stop("SIGKILL");
    if (await seen(sql)) caught.push(name);
    worker = stack.startWorker();
  }
  await follow(merchant, "cleanup", () => undefined);
  expect(caught).toEqual(Object.keys(moments));
  expect(Object.entries(await tagged()).filter(([tag]) => /^(clv|buy):/.test(tag))).toEqual([
    ["clv:gold", 1],
  ]);
  const { rows: report } = await database.query<{ found: number; left: unknown[] }>(
    `select found, "left" from clean_ups`,
  );
  expect(report[0]?.found).toBeGreaterThan(200);
  expect(report[0]?.left).toEqual([]);
  expect(await seen("select 1 from written_states")).toBe(false);
}, 240_000);
