import { afterAll, beforeAll, expect, test } from "vitest";
import pg from "pg";
import { follow, Merchant } from "../../scripts/stack/merchant.ts";
import { compareWithShopify } from "../../scripts/stack/check.ts";
import { startStack, type Stack } from "../../scripts/stack/stack.ts";

/** Slow enough that each phase can be caught in the middle, fast enough for a test. */
const slow = ["--bulk-query-objects-per-second", "600", "--bulk-mutation-lines-per-second", "100"];
const quick = [
  ...["--bulk-query-objects-per-second", "1000000"],
  ...["--bulk-mutation-lines-per-second", "100000"],
];

type Moment = { name: string; sql: string };

/** Each query gives one row exactly while the work it names is in the middle. */
const moments: Moment[] = [
  {
    name: "while Shopify prepares the orders",
    sql: "SELECT 1 FROM order_imports WHERE state = 'running'",
  },
  {
    name: "while orders are loaded",
    sql: "SELECT 1 FROM order_imports WHERE state = 'loading' AND lines_loaded > 0",
  },
  {
    name: "while weeks are scored",
    sql: "SELECT 1 FROM progress WHERE task = 'score' AND state = 'running' AND done BETWEEN 3 AND 9",
  },
  {
    name: "while tags are written",
    sql: "SELECT 1 FROM write_batches WHERE state = 'running' LIMIT 1",
  },
];

/** The same for two runs that came to the same end, whatever happened on the way. */
const endStates: Record<string, string> = {
  orders: `SELECT order_id, customer_id, day::text, amount_minor, left_out FROM orders ORDER BY order_id`,
  scores: `SELECT customer_id, frequency, recency_days, age_days, spent_minor, buy_probability,
      expected_spend_minor, clv_tier, buy_tier FROM scores ORDER BY customer_id`,
  history: `SELECT as_of::text, count(*)::int, sum(buy_probability)::numeric(20,6)::text,
      min(clv_tier), max(buy_tier) FROM score_history GROUP BY as_of ORDER BY as_of`,
  runs: `SELECT as_of::text, reconstructed, outcome, input_digest FROM scoring_runs ORDER BY as_of`,
  written: `SELECT customer_id, tags, clv_tier, buy_tier, failure_code FROM written_states ORDER BY customer_id`,
};

async function endState(stack: Stack): Promise<Record<string, unknown[]>> {
  const client = new pg.Client(stack.databaseUrl);
  await client.connect();
  try {
    const state: Record<string, unknown[]> = {};
    for (const [name, sql] of Object.entries(endStates))
      state[name] = (await client.query(sql)).rows;
    return state;
  } finally {
    await client.end();
  }
}

/** Waits for the moment, kills the worker with -9, and says whether it was still that moment. */
async function killAt(moment: Moment, stack: Stack, worker: { kill: () => Promise<void> }) {
  const client = new pg.Client(stack.databaseUrl);
  await client.connect();
  try {
    const end = Date.now() + 60_000;
    while ((await client.query(moment.sql)).rowCount === 0) {
      if (Date.now() > end) throw new Error(`never came: ${moment.name}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await worker.kill();
    return (await client.query(moment.sql)).rowCount === 1;
  } finally {
    await client.end();
  }
}

const stacks: Stack[] = [];

async function open(name: string, simulatorFlags: string[]): Promise<[Stack, Merchant]> {
  const stack = await startStack({
    shop: "generated",
    customers: 300,
    database: `encore_test_${name}`,
    directory: `.data/logs/test-${name}`,
    simulatorFlags,
  });
  stacks.push(stack);
  return [stack, new Merchant(stack)];
}

let undisturbed: Record<string, unknown[]>;

beforeAll(async () => {
  const [stack, merchant] = await open("undisturbed", quick);
  stack.startWorker();
  await merchant.open();
  await follow(merchant, "score", () => undefined);
  await merchant.agreeToWriting();
  await follow(merchant, "write", () => undefined);
  undisturbed = await endState(stack);
}, 180_000);

afterAll(async () => {
  await Promise.all(stacks.map((stack) => stack.stop()));
});

test("a worker killed in every phase leaves the end state of an undisturbed run", async () => {
  const [stack, merchant] = await open("killed", slow);
  await merchant.open();
  const caught: string[] = [];
  for (const moment of moments) {
    const worker = stack.startWorker();
    if (moment.sql.includes("write_batches")) {
      await follow(merchant, "score", () => undefined);
      await merchant.agreeToWriting();
    }
    const inTheMiddle = await killAt(moment, stack, { kill: () => worker.stop("SIGKILL") });
    if (inTheMiddle) caught.push(moment.name);
  }
  stack.startWorker();
  await follow(merchant, "write", () => undefined);

  expect(caught).toEqual(moments.map((moment) => moment.name));
  expect(undisturbed.orders?.length).toBeGreaterThan(400);
  const state = await endState(stack);
  for (const part of Object.keys(endStates)) expect(state[part], part).toEqual(undisturbed[part]);
  const compared = await compareWithShopify(stack);
  expect(compared.examples).toEqual([]);
  expect(compared.mismatches).toBe(0);
}, 240_000);
