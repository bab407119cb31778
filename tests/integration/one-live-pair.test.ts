import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { shopDomain } from "#app/lib/ids.ts";

import { loadApp, type LoadedApp } from "../setup/installed-app.ts";
import { sessionToken } from "../setup/session-token.ts";
import { type RunningSimulator, startSimulator } from "../setup/simulator.ts";

const root = path.resolve(import.meta.dirname, "../..");
const shop = shopDomain("young.myshopify.com");
let simulator: RunningSimulator;
let app: LoadedApp;
let more: Awaited<ReturnType<typeof loadMore>>;
const others: ChildProcess[] = [];

const PAGES = 50;

async function loadMore() {
  const [pages, token, client, facts] = await Promise.all([
    import("#app/shopify.server.ts"),
    import("#app/shopify/tokens/renew-token.server.ts"),
    import("#app/shopify/api/client.server.ts"),
    import("#app/shopify/resources/shop.server.ts"),
  ]);
  return { ...pages, ...token, ...client, ...facts };
}

/** The request that App Bridge sends for a page of the app. */
function page(): Request {
  const headers = {
    authorization: `Bearer ${sessionToken(shop)}`,
    "user-agent": "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
  };
  return new Request("http://127.0.0.1:3100/app?_data=routes%2Fapp", { headers });
}

/** A merchant opens a page that calls Shopify. @returns the error */
async function open(): Promise<string | null> {
  try {
    const request = page();
    await more.authenticate.admin(request);
    await more.withAccess(request, () => more.readShop(more.adminClient(shop)));
    return null;
  } catch (error) {
    if (error instanceof Response) return `${error.status} ${await error.text()}`;
    return String(error);
  }
}

/**
 * A separate process that renews the token repeatedly, like a worker, and prints errors. It treats
 * the stored token as refused, because shortening its stored lifetime would make Shopify's library
 * exchange it.
 */
function renewing(): { child: ChildProcess; said: () => string } {
  const script = `
    const { adminClient } = await import("#app/shopify/api/client.server.ts");
    const { readShop } = await import("#app/shopify/resources/shop.server.ts");
    const { accessToken } = await import("#app/shopify/tokens/renew-token.server.ts");
    console.log("ready");
    for (;;) {
      await accessToken("${shop}", await accessToken("${shop}"))
        .then(() => readShop(adminClient("${shop}")))
        .catch((error) => console.log(error.code));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }`;
  const args = ["--import", "tsx", "--input-type=module", "-e", script];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  others.push(child);
  return { child, said: () => text };
}

async function ready({ said }: { said: () => string }): Promise<void> {
  await expect.poll(() => said().includes("ready"), { timeout: 30_000 }).toBe(true);
}

/** Expects Shopify to accept the stored access and refresh token. */
async function expectLivePair(): Promise<void> {
  const { rows } = await app.pool.query("select 1 from sessions where shop = $1", [shop]);
  expect(rows).toHaveLength(1);
  expect(await open()).toBeNull();
  await app.pool.query("update sessions set expires = now() at time zone 'UTC'");
  await more.accessToken(shop);
  expect(await open()).toBeNull();
}

beforeAll(async () => {
  simulator = await startSimulator("young");
  app = await loadApp(simulator);
  more = await loadMore();
});
beforeEach(() => app.pool.query("truncate sessions, shops, cost_budgets"));
afterEach(async () => {
  for (const child of others.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  }
});
afterAll(async () => {
  await app.stopQueue();
  await app.closeDatabase();
  await simulator.stop();
});

describe("a shop's pair of tokens", () => {
  it("is single and valid after fifty concurrent first pages", async () => {
    const failures = await Promise.all(Array.from({ length: PAGES }, open));
    expect(failures.filter((failure) => failure !== null)).toEqual([]);
    await expectLivePair();
  });

  it("stays valid while pages exchange and a worker renews, without errors on pages", async () => {
    await open();
    const worker = renewing();
    await ready(worker);
    const failures: (string | null)[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      await app.pool.query("update sessions set expires = now() at time zone 'UTC'");
      failures.push(...(await Promise.all(Array.from({ length: 10 }, open))));
    }
    worker.child.kill("SIGKILL");
    await once(worker.child, "exit");
    expect(failures.filter((failure) => failure !== null)).toEqual([]);
    expect(worker.said().replaceAll("ready\n", "")).toBe("");
    await expectLivePair();
  });

  it("is recovered after a process died during an exchange or a renewal", async () => {
    await open();
    for (let turn = 0; turn < 3; turn += 1) {
      const worker = renewing();
      await ready(worker);
      worker.child.kill("SIGKILL");
      await once(worker.child, "exit");
      const failures = await Promise.all(Array.from({ length: 10 }, open));
      expect(failures.filter((failure) => failure !== null)).toEqual([]);
    }
    await expectLivePair();
  });

  it("is recovered when Shopify has ended the stored one, without the merchant noticing", async () => {
    await open();
    // Another exchange, whose result was lost.
    await simulator.token();
    const failures = await Promise.all(Array.from({ length: 10 }, open));
    expect(failures.filter((failure) => failure !== null)).toEqual([]);
    await expectLivePair();
  });
});
