import "#runtime/fit-node.mjs";
import "#app/lib/process-log.server.ts";

import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";

import type { ServerBuild } from "@remix-run/node";

import { closeDatabase } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import { log } from "#app/lib/log.server.ts";
import { metrics } from "#app/lib/metrics.server.ts";
import { stopQueue } from "#app/queue/queue.server.ts";

import { gracefulClose } from "./closing.server.ts";
import { files, packing } from "./files.server.ts";
import { NOT_KEPT } from "./headers.ts";
import { hangUp, limitedServer, readBody } from "./limits.server.ts";
import { nowStopping, openOperationsPort, readiness } from "./operations.server.ts";
import { pages } from "./pages.server.ts";
import { ALLOWED, type Refusal, refusalOf } from "./refusal.ts";
import { routeNames } from "./routes.ts";
import { pathOf } from "./web-request.ts";
import { isForWebhooks, webhooks } from "./webhooks.server.ts";

// The web process: the built app behind Node's http server. remix-serve is not used, since it logs
// whole URLs (Shopify's first request has a session token in its query) and reads bodies without a
// limit.

const build = path.resolve(import.meta.dirname, "../..", "build");
const READY = "/readyz";
/** Most bytes of a form; the longest field of ours is a name or a tag. */
const LARGEST_FORM = 65_536;
/** How long open requests may take when the process stops. */
const STOP_MS = 10_000;

type Answering = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const { origin } = new URL(env.SHOPIFY_APP_URL);
const { href } = pathToFileURL(path.join(build, "server", "index.js"));
const app = (await import(/* @vite-ignore */ href)) as ServerBuild;
const nameOf = routeNames(app.routes);
const answerWebhook = webhooks(app.routes, origin);
const answerPage = pagesAndFiles();

const server = limitedServer((request, response) => {
  measure(request, response);
  void (isForWebhooks(request) ? answerWebhook : answerPage)(request, response);
});
const close = gracefulClose(server);
const operations = await openOperationsPort(env.METRICS_PORT);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void stop();
  });
}
server.listen(env.PORT, env.HOST, () => {
  log.info({ port: env.PORT, host: env.HOST }, "serving");
});

/** Answers everything but webhooks; bodies may be as large as a form. */
function pagesAndFiles(): Answering {
  const answer = pages(app, { origin, nameOf });
  const file = files(path.join(build, "client"));
  return async (request, response) => {
    const body = await readBody(request, LARGEST_FORM).catch(() => undefined);
    // The client closed the connection.
    if (body === undefined) return;
    if (body === null) {
      hangUp(request.socket, 413);
      return;
    }
    const refusal = refusalOf(request, origin);
    if (refusal !== null) respond(response, refusal);
    else if (pathOf(request) === READY) await sendReadiness(response);
    else {
      packing(request, response, () => {
        file(request, response, () => void answer(request, response, body));
      });
    }
  };
}

function respond(response: ServerResponse, { status, text }: Refusal): void {
  if (status === 405) response.setHeader("Allow", ALLOWED);
  const headers = { "Cache-Control": NOT_KEPT, "Content-Type": "text/plain; charset=utf-8" };
  response.writeHead(status, headers).end(text);
}

async function sendReadiness(response: ServerResponse): Promise<void> {
  const { status, missing } = await readiness();
  const headers = { "Cache-Control": NOT_KEPT, "Content-Type": "application/json; charset=utf-8" };
  response.writeHead(status, headers).end(JSON.stringify({ missing }));
}

/** Measures and logs every response, by route, without the query. */
function measure(request: IncomingMessage, response: ServerResponse): void {
  const started = performance.now();
  const asked = pathOf(request);
  response.on("finish", () => {
    const milliseconds = performance.now() - started;
    const { method = "" } = request;
    const route = asked === READY ? asked : nameOf(asked);
    const status = String(response.statusCode);
    metrics.httpSeconds.observe({ route, method, status }, milliseconds / 1000);
    log.debug({ method, route, status, milliseconds: Math.round(milliseconds) }, "answered");
  });
}

/** Stops after open requests are answered; hanging ones are cut off. */
async function stop(): Promise<void> {
  log.info("web stopping");
  nowStopping();
  setTimeout(() => process.exit(0), STOP_MS + 5_000).unref();
  await close(STOP_MS);
  operations?.close();
  await stopQueue();
  await closeDatabase();
  process.exit(0);
}
