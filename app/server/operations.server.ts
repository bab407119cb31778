import type { IncomingMessage, Server, ServerResponse } from "node:http";

import { env } from "#app/lib/env.server.ts";
import { log } from "#app/lib/log.server.ts";
import { metrics } from "#app/lib/metrics.server.ts";

import { NOT_KEPT } from "./headers.ts";
import { limitedServer } from "./limits.server.ts";
import { type NotReady, whyNotReady } from "./readiness.server.ts";

let stopping = false;

/** Makes the process not ready, so that it gets no new requests. */
export function nowStopping(): void {
  stopping = true;
}

/** The response to /readyz: a status, and codes for what is missing; never a secret. */
export async function readiness(): Promise<{ status: 200 | 503; missing: NotReady[] }> {
  const missing = stopping ? ["stopping" as const] : await whyNotReady();
  return { status: missing.length === 0 ? 200 : 503, missing };
}

/**
 * The operator's port: /healthz, /readyz and /metrics. It is separate from the port for merchants
 * and Shopify, and must not be public.
 *
 * @param port none is opened when undefined
 * @param readGauges updates gauges before each scrape
 */
export async function openOperationsPort(
  port: number | undefined,
  readGauges: () => Promise<void> = () => Promise.resolve(),
): Promise<Server | null> {
  if (port === undefined) return null;
  const server = limitedServer((request, response) => {
    void answer(request, response, readGauges);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, env.HOST, resolve);
  });
  log.info({ port, host: env.HOST }, "operations port open");
  return server;
}

async function answer(
  { url, method = "" }: IncomingMessage,
  response: ServerResponse,
  readGauges: () => Promise<void>,
): Promise<void> {
  // A body is not waited for, since no request here has one.
  response.setHeader("Connection", "close").setHeader("Cache-Control", NOT_KEPT);
  const send = (status: number, type: string, body: string) =>
    response.writeHead(status, { "content-type": type }).end(body);
  try {
    if (method !== "GET" && method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      return void send(405, "text/plain", "expected GET");
    }
    if (url === "/healthz") return void send(200, "text/plain", "ok");
    if (url === "/readyz") {
      const { status, missing } = await readiness();
      return void send(status, "application/json", JSON.stringify({ missing }));
    }
    if (url === "/metrics") {
      const { registry } = metrics;
      await readGauges();
      return void send(200, registry.contentType, await registry.metrics());
    }
    send(404, "text/plain", "not found");
  } catch (error) {
    log.error({ err: error }, "the operations port could not answer");
    send(500, "text/plain", "failed");
  }
}
