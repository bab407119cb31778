import type { IncomingMessage, Server, ServerResponse } from "node:http";

import { env } from "#app/lib/env.server.ts";
import { log } from "#app/lib/log.server.ts";
import { metrics } from "#app/lib/metrics.server.ts";
import { whyNotReady, type NotReady } from "./readiness.server.ts";
import { NOT_KEPT } from "./headers.ts";
import { limitedServer } from "./limits.server.ts";

let stopping = false;

/** From now on this process is not ready, so that it is given nothing new. */
export function nowStopping(): void {
  stopping = true;
}

/** The answer to /readyz: a status, and codes that say what is missing; never a secret. */
export async function readiness(): Promise<{ status: 200 | 503; missing: NotReady[] }> {
  const missing = stopping ? ["stopping" as const] : await whyNotReady();
  return { status: missing.length === 0 ? 200 : 503, missing };
}

/**
 * A port for those who run the app: /healthz, /readyz and /metrics. It is not the one that
 * merchants and Shopify reach, and must not be made public.
 *
 * @param port none is opened when it is undefined
 * @param readGauges brings what is not counted but read up to date, before metrics are told
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
  // Nobody has anything to send here: a body is not waited for.
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
