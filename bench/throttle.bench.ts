import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import type { ShopDomain } from "#app/lib/ids.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";

import { openAdminApi } from "../scripts/stack/admin-api.ts";
import { buildApp } from "../scripts/stack/build.ts";
import { Merchant } from "../scripts/stack/merchant.ts";
import { root } from "../scripts/stack/processes.ts";
import { type Stack, startStack } from "../scripts/stack/stack.ts";
import type { Bench, Row } from "./main.ts";

const DIRECT_CALLS = 350;
const CONCURRENT_CALLERS = 20;
const PROCESSES = 3;
const BUDGET_CALLS = 1000;
const MUTATION_COST = 10;
const RESTORE_RATE = 100;
const BULK_LINES = 10_000;
const LINES_PER_SECOND = 1000;

async function customerGids(stack: Stack, count: number): Promise<string[]> {
  const ask = await openAdminApi(stack);
  const gids: string[] = [];
  let after: string | null = null;
  while (gids.length < count) {
    const page = (await ask(
      "query Ids($after: String) { customers(first: 250, after: $after) { nodes { id } pageInfo { endCursor } } }",
      { after },
    )) as { customers: { nodes: { id: string }[]; pageInfo: { endCursor: string } } };
    gids.push(...page.customers.nodes.map((node) => node.id));
    after = page.customers.pageInfo.endCursor;
  }
  return gids.slice(0, count);
}

/** Empties the bucket first, so that only the restore rate is measured. */
async function drain(admin: AdminApi, gids: string[]): Promise<void> {
  const { addTags } = await import("#app/shopify/resources/tags.server.ts");
  const calls = gids.slice(0, 200).map((id) => addTags(admin, { id, tags: ["drain"] }));
  await Promise.all(calls);
}

async function directCalls(admin: AdminApi, gids: string[]): Promise<Row> {
  const { addTags } = await import("#app/shopify/resources/tags.server.ts");
  await drain(admin, gids);
  let next = 0;
  const started = performance.now();
  const callers = Array.from({ length: CONCURRENT_CALLERS }, async () => {
    for (let index = next++; index < DIRECT_CALLS; index = next++) {
      await addTags(admin, { id: gids[index] ?? "", tags: [`bench-${index}`] });
    }
  });
  await Promise.all(callers);
  const seconds = (performance.now() - started) / 1000;
  const least = (DIRECT_CALLS * MUTATION_COST) / RESTORE_RATE;
  return {
    what: `${DIRECT_CALLS} direct calls from an empty bucket, ${CONCURRENT_CALLERS} callers at once`,
    measured: `${seconds.toFixed(1)} s = ${(seconds / least).toFixed(2)} × cost ÷ restore rate (${least} s)`,
    goal: "≤ 1.5 ×",
  };
}

type Report = { calls: number; throttled: number };

/** One of several processes, as workers and web processes are, with the app's own client. */
async function anotherProcess(stack: Stack, id: string): Promise<Report> {
  const args = ["--import", "tsx", "bench/throttle-caller.ts", stack.domain, id];
  const calls = [String(CONCURRENT_CALLERS), String(DIRECT_CALLS)];
  const child = spawn(process.execPath, [...args, ...calls], {
    cwd: root,
    env: { ...process.env, ...stack.environment, LOG_LEVEL: "warn" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await once(child, "close");
  return JSON.parse(said) as Report;
}

/** From an empty bucket; the start of the processes is included in the time. */
async function severalProcesses(stack: Stack, admin: AdminApi, gids: string[]): Promise<Row> {
  await drain(admin, gids);
  const started = performance.now();
  const ids = gids.slice(0, PROCESSES);
  const reports = await Promise.all(ids.map((id) => anotherProcess(stack, id)));
  const seconds = (performance.now() - started) / 1000;
  const calls = reports.reduce((sum, report) => sum + report.calls, 0);
  const throttled = reports.reduce((sum, report) => sum + report.throttled, 0);
  const least = (calls * MUTATION_COST) / RESTORE_RATE;
  return {
    what: `${calls} direct calls by ${PROCESSES} processes of ${CONCURRENT_CALLERS} callers, from an empty bucket`,
    measured: `${seconds.toFixed(1)} s = ${(seconds / least).toFixed(2)} × cost ÷ restore rate (${least} s), ${throttled} throttled`,
    goal: "≤ 1.1 ×",
  };
}

/** Overhead of the shared budget per call: reserving points, and settling after the response. */
async function budgetItself(shop: ShopDomain): Promise<Row> {
  const { takePoints, settlePoints } = await import("#app/shopify/api/budget.server.ts");
  const full = { maximumAvailable: 2000, currentlyAvailable: 2000, restoreRate: 100_000 };
  const need = { first: MUTATION_COST, all: MUTATION_COST };
  await takePoints(shop, need, "interactive");
  const started = performance.now();
  for (let call = 0; call < BUDGET_CALLS; call += 1) {
    await takePoints(shop, need, "interactive");
    await settlePoints(shop, 0, full);
  }
  const each = (performance.now() - started) / BUDGET_CALLS;
  return { what: "the shared budget, per call", measured: `${each.toFixed(2)} ms`, goal: "≤ 2 ms" };
}

async function bulkWrite(admin: AdminApi, gids: string[]): Promise<Row> {
  const { stageUpload } = await import("#app/shopify/bulk/staged-upload.server.ts");
  const { startBulkMutation } = await import("#app/shopify/bulk/start-operation.server.ts");
  const { awaitBulkOperation, readBulkResult } =
    await import("#app/shopify/bulk/await-operation.server.ts");
  const { TAGS_ADD } = await import("#app/shopify/resources/tags.server.ts");
  const line = (id: string | undefined) => JSON.stringify({ id, tags: ["bulk"] });
  const lines = Array.from({ length: BULK_LINES }, (_, index) => line(gids[index % gids.length]));
  const started = performance.now();
  const stagedUploadPath = await stageUpload(admin, { filename: "bench.jsonl", lines });
  const intent = { document: TAGS_ADD, stagedUploadPath, intentId: crypto.randomUUID() };
  const begun = await startBulkMutation(admin, intent);
  if (begun.kind === "refused") throw new Error(JSON.stringify(begun.errors));
  const ended = await awaitBulkOperation(admin, begun.id);
  let outcomes = 0;
  for await (const batch of readBulkResult(ended)) outcomes += batch.length;
  const seconds = (performance.now() - started) / 1000;
  if (outcomes !== BULK_LINES) throw new Error(`${outcomes} outcomes of ${BULK_LINES} lines`);
  const least = BULK_LINES / LINES_PER_SECOND;
  return {
    what: `${BULK_LINES} lines as a bulk mutation: upload, run, wait, read every result`,
    measured: `${seconds.toFixed(1)} s = ${(seconds / least).toFixed(2)} × the stated line rate (${least} s)`,
    goal: "≤ 1.2 ×",
  };
}

async function run(): Promise<Row[]> {
  buildApp();
  const stack = await startStack({
    shop: "giftware",
    database: "encore_bench_throttle",
    directory: path.join(root, ".data", "logs", "bench-throttle"),
    simulatorFlags: ["--bulk-mutation-lines-per-second", String(LINES_PER_SECOND)],
  });
  try {
    await new Merchant(stack).open();
    // The app's own modules read their configuration once, when they are first imported.
    Object.assign(process.env, stack.environment, { LOG_LEVEL: "warn" });
    const { adminClient } = await import("#app/shopify/api/client.server.ts");
    const { shopDomain } = await import("#app/lib/ids.ts");
    const admin = adminClient(shopDomain(stack.domain));
    const gids = await customerGids(stack, 2000);
    return [
      await directCalls(admin, gids),
      await severalProcesses(stack, admin, gids),
      await budgetItself(shopDomain("nobody.myshopify.com")),
      await bulkWrite(admin, gids),
    ];
  } finally {
    await stack.stop();
  }
}

export default {
  title: "what Shopify's limits cost the merchant, against the simulated Shopify",
  run,
} satisfies Bench;
