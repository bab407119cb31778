import { readFileSync, rmSync } from "node:fs";
import path from "node:path";

import pg from "pg";

import type { Site } from "../stack/admin-api.ts";
import { freePort, root, waitForHttp } from "../stack/processes.ts";
import { startStack } from "../stack/stack.ts";
import { browser, launch, sessionToken, type Webhook, webhookHeaders } from "./forge.ts";
import { send, type Sending, type Sent } from "./send.ts";

/** A running product with two shops: one whose secrets the attacker knows, and the victim. */
export type Stage = {
  appUrl: string;
  /** Operations ports of web and worker. */
  operationsUrls: string[];
  /** The attacker is a merchant too, and may know what Shopify sent for its own shop. */
  own: Site;
  victim: Site;
  rows: <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) => Promise<Row[]>;
  /** POST to the simulated Shopify's control plane. */
  control: (path: string, body: object) => Promise<Record<string, unknown>>;
  /** Number of bulk queries that Shopify has run for a shop. */
  exports: (site: Site) => Promise<number>;
  /** The output of web and worker. */
  printed: () => string;
  stop: () => Promise<void>;
};

const DIRECTORY = path.join(root, ".data", "logs", "attack");
const CUSTOMERS = 200;

export async function setStage(database: string): Promise<Stage> {
  rmSync(DIRECTORY, { recursive: true, force: true });
  const [web, worker] = [await freePort(), await freePort()];
  const stack = await startStack({
    shop: "generated-1",
    customers: CUSTOMERS,
    database,
    directory: DIRECTORY,
    simulatorFlags: ["--shop", "generated-2", "--plan", "enterprise", "--bulk-latency-ms", "50"],
    environment: { METRICS_PORT: String(web), WORKER_PORT: String(worker), LOG_LEVEL: "debug" },
  });
  const running = stack.startWorker();
  const workerUrl = `http://127.0.0.1:${worker}`;
  await waitForHttp(`${workerUrl}/readyz`, { for: running, seconds: 60 });
  const { simulatorUrl, appUrl, apiKey, apiSecret } = stack;
  const pool = new pg.Pool({ connectionString: stack.databaseUrl, max: 2 });
  const siteOf = (shop: string): Site => {
    return { shop, domain: `${shop}.myshopify.com`, simulatorUrl, appUrl, apiKey, apiSecret };
  };
  const simulator = async (to: string, init?: RequestInit) => {
    const response = await fetch(`${simulatorUrl}/__simulator/${to}`, init);
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${to} answered ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    appUrl,
    operationsUrls: [`http://127.0.0.1:${web}`, workerUrl],
    own: siteOf("generated-1"),
    victim: siteOf("generated-2"),
    rows: async (sql, values) => (await pool.query(sql, values)).rows,
    control: (to, body) => simulator(to, { method: "POST", body: JSON.stringify(body) }),
    exports: async ({ domain }) => {
      const state = await simulator(`state?shop=${domain}`);
      const [shop] = state.shops as { bulkOperations: { type: string }[] }[];
      return shop?.bulkOperations.filter(({ type }) => type === "QUERY").length ?? 0;
    },
    printed: () =>
      ["web", "worker"].map((name) => readFileSync(path.join(DIRECTORY, `${name}.log`))).join("\n"),
    stop: async () => {
      await pool.end();
      await stack.stop();
    },
  };
}

/** Sends a request like the page's own script, with a session token of the shop. */
export function ask(site: Site, to: string, { headers, ...rest }: Sending = {}): Promise<Sent> {
  const authorization = `Bearer ${sessionToken(site)}`;
  return send(site.appUrl, to, {
    ...rest,
    headers: { "user-agent": browser, accept: "application/json", authorization, ...headers },
  });
}

/** Opens a page like the frame in Shopify's admin. */
export function open(site: Site, to = "/app", changes: Record<string, string> = {}): Promise<Sent> {
  const headers = { "user-agent": browser, accept: "text/html" };
  return send(site.appUrl, `${to}?${launch(site, changes)}`, { headers });
}

/** Delivers a webhook with a signed body. */
export function deliver(site: Site, to: string, webhook: Webhook): Promise<Sent> {
  const headers = webhookHeaders(site, webhook);
  return send(site.appUrl, to, { method: "POST", headers, body: webhook.body });
}

/** A form submission. */
export function form(fields: Record<string, string>): Sending {
  return {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  };
}
