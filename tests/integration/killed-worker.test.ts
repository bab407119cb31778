import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";

import { compareWithShopify } from "../../scripts/stack/check.ts";
import { follow, Merchant } from "../../scripts/stack/merchant.ts";
import { type Stack, startStack } from "../../scripts/stack/stack.ts";

/** Slow enough that each phase can be caught in the middle, fast enough for a test. */
const slow = ["--bulk-query-objects-per-second", "600", "--bulk-mutation-lines-per-second", "100"];
const quick = [
  ...["--bulk-query-objects-per-second", "1000000"],
  ...["--bulk-mutation-lines-per-second", "100000"],
];

type Moment = { name: string; sql: string };

/** Each query returns one row exactly while the named step is in progress. */
const moments: Moment[] = [
  {
    name: "while Shopify prepares the orders",
    sql: "select 1 from order_imports where state = 'running'",
  },
  {
    name: "while orders are loaded",
    sql: "select 1 from order_imports where state = 'loading' and lines_loaded > 0",
  },
  {
    name: "while weeks are scored",
    sql: "select 1 from progress where task = 'score' and state = 'running' and done between 3 and 9",
  },
  {
    name: "while tags are written",
    sql: "select 1 from write_batches where state = 'running' limit 1",
  },
];

/**
 * Queries with equal results for two runs with the same end state, whatever happened in between.
 */
const endStates: Record<string, string> = {
  orders: `select order_id, customer_id, day::text, amount_minor, left_out from orders order by order_id`,
  scores: `select customer_id, frequency, recency_days, age_days, spent_minor, buy_probability,
      expected_spend_minor, clv_tier, buy_tier from scores order by customer_id`,
  history: `select as_of::text, count(*)::int, sum(buy_probability)::numeric(20,6)::text,
      min(clv_tier), max(buy_tier) from score_history group by as_of order by as_of`,
  runs: `select as_of::text, reconstructed, outcome, input_digest from scoring_runs order by as_of`,
  written: `select customer_id, tags, clv_tier, buy_tier, failure_code from written_states order by customer_id`,
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

/**
 * Waits for the step, kills the worker with -9, and returns whether the step was still in progress.
 */
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

it("a worker killed in every phase leaves the end state of an undisturbed run", async () => {
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
