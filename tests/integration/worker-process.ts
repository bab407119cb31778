import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { FakeShopify } from "./fake-shopify.ts";

const root = path.resolve(import.meta.dirname, "../..");
const workers: ChildProcess[] = [];

/** A worker in a separate process, on the test's database. */
export async function startWorker(): Promise<ChildProcess> {
  const worker = spawn(process.execPath, ["--import", "tsx", "app/worker/main.ts"], {
    cwd: root,
    env: { ...process.env, LOG_LEVEL: "info" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  workers.push(worker);
  let log = "";
  await new Promise<void>((resolve, reject) => {
    worker.on("exit", () => {
      reject(new Error(log));
    });
    worker.stderr!.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes("worker ready")) resolve();
    });
  });
  return worker;
}

export async function end(worker: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (worker.exitCode !== null || worker.signalCode !== null) return worker.exitCode;
  const ended = new Promise<number | null>((resolve) => worker.on("exit", resolve));
  worker.kill(signal);
  return ended;
}

/** Kills all workers that are still running at the end of a test. */
export async function killWorkers(): Promise<void> {
  await Promise.all(workers.splice(0).map((worker) => end(worker, "SIGKILL")));
}

export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen`);
    await sleep(20);
  }
}

/** An export that stays in progress until the test ends it. */
export function slowExport(fake: FakeShopify): { finish: () => void } {
  let status = "RUNNING";
  const id = "gid://shopify/BulkOperation/1";
  fake.answers.set("EncoreShop", () => ({
    data: {
      shop: {
        id: "gid://shopify/Shop/1",
        name: "One",
        currencyCode: "EUR",
        ianaTimezone: "UTC",
        plan: { partnerDevelopment: false },
      },
      currentAppInstallation: { accessScopes: [{ handle: "read_all_orders" }] },
    },
  }));
  fake.answers.set("EncoreRecentBulkOperations", () => ({
    data: { bulkOperations: { nodes: [] } },
  }));
  fake.answers.set("EncoreBulkQuery", () => ({
    data: { bulkOperationRunQuery: { bulkOperation: { id }, userErrors: [] } },
  }));
  fake.answers.set("EncoreBulkOperation", () => ({
    data: {
      bulkOperation: {
        id,
        status,
        errorCode: null,
        objectCount: "0",
        url: null,
        partialDataUrl: null,
      },
    },
  }));
  return {
    finish: () => {
      status = "COMPLETED";
    },
  };
}
