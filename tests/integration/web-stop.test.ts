import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, expect, it } from "vitest";

import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { startQueue } from "#app/queue/queue.server.ts";

import { buildApp } from "../../scripts/stack/build.ts";
import { freePort } from "../../scripts/stack/processes.ts";

const root = path.resolve(import.meta.dirname, "../..");

afterAll(closeDatabase);

it("a stopping web process answers open requests, closes idle connections, and exits", async () => {
  buildApp();
  const boss = await startQueue({ supervise: false });
  await boss.stop({ graceful: false });
  const port = await freePort();
  const web = spawn(process.execPath, ["--import", "tsx", "app/server/main.ts"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", PORT: String(port), LOG_LEVEL: "info" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(web, "exit") as Promise<[number | null]>;
  for await (const chunk of web.stderr) if (String(chunk).includes("serving")) break;
  web.stderr.resume();

  const agent = new Agent({ keepAlive: true });
  const to = { agent, host: "127.0.0.1", port };
  const idle = request({ ...to, path: "/readyz" }).end();
  const [ready] = (await once(idle, "response")) as [IncomingMessage];
  ready.resume();
  expect(ready.statusCode).toBe(200);
  await once(ready, "end");

  const body = JSON.stringify({ admin_graphql_api_id: "gid://shopify/Order/1" });
  const signature = createHmac("sha256", String(process.env.SHOPIFY_API_SECRET)).update(body);
  const webhook = request({
    ...to,
    agent: new Agent({ keepAlive: true }),
    method: "POST",
    path: "/webhooks/orders",
    headers: {
      "content-type": "application/json",
      "x-shopify-topic": "orders/create",
      "x-shopify-shop-domain": "one.myshopify.com",
      "x-shopify-api-version": "2026-10",
      "x-shopify-webhook-id": "w1",
      "x-shopify-hmac-sha256": signature.digest("base64"),
    },
  });
  const answered = once(webhook, "response") as Promise<[IncomingMessage]>;
  // The request stays open while the inbox is locked.
  await inTransaction(async (client) => {
    await client.query("lock table webhook_inbox in exclusive mode");
    webhook.end(body);
    const waiting =
      "select 1 from pg_locks where not granted and relation = 'webhook_inbox'::regclass";
    while ((await client.query(waiting)).rowCount === 0) await sleep(20);
    web.kill("SIGTERM");
    const refused = () =>
      once(request({ ...to, agent: false, path: "/healthz" }).end(), "response").then(
        () => false,
        () => true,
      );
    while (!(await refused())) await sleep(20);
  });
  const [response] = await answered;
  response.resume();
  expect(response.statusCode).toBe(200);
  expect(response.headers.connection).toBe("close");
  expect((await ended)[0]).toBe(0);
  expect((await pool.query("select 1 from webhook_inbox")).rowCount).toBe(1);
});
