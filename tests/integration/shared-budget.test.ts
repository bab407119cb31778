import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const root = path.resolve(import.meta.dirname, "../..");
const shop = shopDomain("young.myshopify.com");
const RESTORE_RATE = 100;
let simulator: RunningSimulator;
let app: LoadedApp;
let customer: string;

type Report = { calls: number; throttled: number; medianMs: number };

/**
 * A process that calls as fast as it is allowed, with this many concurrent callers, until it is
 * ended.
 */
function startCaller(callers: number): { count: () => void; end: () => Promise<Report> } {
  const args = ["--import", "tsx", "bench/throttle-caller.ts", shop, customer];
  const child = spawn(process.execPath, [...args, String(callers), "1000000"], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const closed = once(child, "close");
  return {
    count: () => child.stdin.write("from now on\n"),
    end: async () => {
      child.stdin.end();
      await closed;
      return JSON.parse(said) as Report;
    },
  };
}

async function points(): Promise<number> {
  const { rows } = await app.pool.query<{ points: number }>(
    `select available + restore_rate * extract(epoch from clock_timestamp() - at)::float8 as points
       from cost_budgets where shop = $1`,
    [shop],
  );
  return rows[0]?.points ?? 2000;
}

beforeAll(async () => {
  simulator = await startSimulator("young", ["--bulk-latency-ms", "20", "--plan", "standard"]);
  app = await loadApp(simulator);
  await installAndImport(app, simulator, shop);
  const found = (await simulator.ask("{ customers(first: 1) { nodes { id } } }")) as {
    customers: { nodes: { id: string }[] };
  };
  customer = found.customers.nodes[0]!.id;
});
afterAll(async () => {
  await simulator.stop();
  await app.stopQueue();
  await app.closeDatabase();
});

describe("three processes that call for one shop as fast as they are allowed", () => {
  it("share its points: hardly any call is throttled, and a person hardly waits", async () => {
    const { adminClient } = await import("#app/shopify/api/client.server.ts");
    const { addTags } = await import("#app/shopify/resources/tags.server.ts");
    const processes = [startCaller(10), startCaller(10), startCaller(10)];
    const deadline = Date.now() + 40_000;
    while ((await points()) > 3 * RESTORE_RATE) {
      if (Date.now() > deadline) throw new Error("the budget was never spent");
      await sleep(200);
    }
    for (const { count } of processes) count();
    const waits: number[] = [];
    for (let call = 0; call < 8; call += 1) {
      const started = performance.now();
      const change = { id: customer, tags: ["person"] };
      await addTags(adminClient(shop), change, { priority: "interactive" });
      waits.push(performance.now() - started);
      await sleep(500);
    }
    const reports = await Promise.all(processes.map(({ end }) => end()));
    const throttled = reports.reduce((sum, report) => sum + report.throttled, 0);
    expect(throttled).toBeLessThanOrEqual(5);
    // With thirty callers at ten calls a second each waits for seconds, a person for a fraction of
    // that.
    for (const { calls, medianMs } of reports) {
      expect(calls).toBeGreaterThan(5);
      expect(Math.max(...waits)).toBeLessThan(medianMs);
    }
  });
});
