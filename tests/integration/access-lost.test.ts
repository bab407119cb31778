import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Session } from "@shopify/shopify-api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { installAndImport, loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const root = path.resolve(import.meta.dirname, "../..");
const shop = shopDomain("young.myshopify.com");
let simulator: RunningSimulator;
let app: LoadedApp;
let worker: ChildProcess;

type Job = { name: string; state: string; retry_count: number };

async function jobs(): Promise<Job[]> {
  const { rows } = await app.pool.query<Job>(
    "select name, state, retry_count from pgboss.job where data->>'shop' = $1 order by name",
    [shop],
  );
  return rows;
}

async function access(): Promise<{ code: string | null; stopped: string[] }> {
  const { rows } = await app.pool.query<{ code: string | null; stopped: string[] }>(
    "select access_lost_code as code, stopped_tasks as stopped from shops where shop = $1",
    [shop],
  );
  return { code: rows[0]!.code, stopped: rows[0]!.stopped.toSorted() };
}

async function unread(): Promise<number> {
  const { rowCount } = await app.pool.query("select 1 from webhook_inbox where handled_at is null");
  return rowCount ?? 0;
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what} did not happen`);
    await sleep(50);
  }
}

/** The session that token exchange creates when the merchant opens the app. */
async function newSession(): Promise<void> {
  const { SealedSessionStorage } = await import("#app/shopify/tokens/session-storage.server.ts");
  const token = await simulator.token();
  await new SealedSessionStorage(app.prisma).storeSession(
    new Session({
      id: `offline_${shop}`,
      shop,
      state: "",
      isOnline: false,
      scope: "",
      accessToken: token.access_token,
      refreshToken: token.refresh_token,
      expires: new Date(Date.now() + token.expires_in * 1000),
      refreshTokenExpires: new Date(Date.now() + 90 * 86_400_000),
    }),
  );
}

/** A webhook about an order, received an hour ago and not processed. */
async function forgottenWebhook(): Promise<void> {
  await app.pool.query(
    `insert into webhook_inbox (shop, webhook_id, topic, resource_id, received_at)
     select shop, gen_random_uuid()::text, 'orders/updated', order_id, now() - interval '1 hour'
       from orders where shop = $1 limit 1`,
    [shop],
  );
}

/** Revokes the access and enqueues work, and waits until the worker has stopped it. */
async function loseAccess(): Promise<void> {
  await simulator.control("tokens/revoke", { shop: "young" });
  await forgottenWebhook();
  await app.enqueue("orders.follow", { shop });
  await until("the stop", async () => (await access()).stopped.includes("orders.follow"));
}

beforeAll(async () => {
  simulator = await startSimulator("young", ["--bulk-latency-ms", "20"]);
  app = await loadApp(simulator);
});
beforeEach(async () => {
  await app.pool.query("truncate shops, orders, order_imports, progress, sessions, webhook_inbox");
  await installAndImport(app, simulator, shop);
  await app.pool.query("delete from pgboss.job");
  worker = spawn(process.execPath, ["--import", "tsx", "app/worker/main.ts"], {
    cwd: root,
    stdio: "ignore",
  });
});
afterEach(() => worker.kill("SIGKILL"));
afterAll(async () => {
  await simulator.stop();
  await app.stopQueue();
  await app.closeDatabase();
});

describe("a shop whose token was revoked", () => {
  it("has its work stopped at once, recorded, and not retried", async () => {
    await loseAccess();
    expect(await access()).toEqual({ code: "not-renewed", stopped: ["orders.follow"] });
    await until("its end", async () => (await jobs())[0]?.state === "completed");
    expect(await jobs()).toEqual([{ name: "orders.follow", state: "completed", retry_count: 0 }]);
    for (const task of ["scoring.run", "writeback.push", "orders.import"] as const) {
      await app.enqueue(task, { shop });
    }
    await until("the stop of all", async () => (await access()).stopped.length === 4);
    await until("the end of all", async () =>
      (await jobs()).every(({ state }) => state === "completed"),
    );
    expect((await jobs()).map(({ retry_count: again }) => again)).toEqual([0, 0, 0, 0]);
    expect(await unread()).toBe(1);
  });

  it("is skipped by the scans for forgotten and due work", async () => {
    const { enqueueUnreadWebhooks } =
      await import("#app/orders/webhooks/unread-webhooks.server.ts");
    const { enqueueDueScoring } = await import("#app/scoring/run/enqueue-due.server.ts");
    await loseAccess();
    await app.pool.query("delete from pgboss.job");
    await enqueueUnreadWebhooks();
    await enqueueDueScoring();
    expect(await jobs()).toEqual([]);
  });

  it("resumes where it stopped when the merchant opens the app", async () => {
    await loseAccess();
    await app.enqueue("orders.import", { shop });
    await until("the stop of both", async () => (await access()).stopped.length === 2);
    await newSession();
    await app.ensureInstalled({ shop });
    expect(await access()).toEqual({ code: null, stopped: [] });
    await until("the reading of the webhook", async () => (await unread()) === 0);
    const imports = "select 1 from order_imports where state = 'done'";
    await until("a second import", async () => (await app.pool.query(imports)).rowCount === 2);
  });

  it("resumes also when a session was created without a page", async () => {
    await loseAccess();
    await newSession();
    await until("the reading of the webhook", async () => (await unread()) === 0);
    expect(await access()).toEqual({ code: null, stopped: [] });
  });

  it("starts over when the app is installed again", async () => {
    await loseAccess();
    await app.pool.query("update shops set uninstalled_at = now() where shop = $1", [shop]);
    await newSession();
    await app.ensureInstalled({ shop });
    expect(await access()).toEqual({ code: null, stopped: [] });
  });
});
