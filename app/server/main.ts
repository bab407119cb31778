import "#runtime/fit-node.mjs";
import "#app/lib/process-log.server.ts";

import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";

import { closeDatabase } from "#app/lib/db.server.ts";
import { env } from "#app/lib/env.server.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { log } from "#app/lib/log.server.ts";
import { metrics } from "#app/lib/metrics.server.ts";
import { nowStopping, openOperationsPort, readiness } from "./operations.server.ts";

import { gracefulClose } from "./closing.server.ts";
import { files, packing } from "./files.server.ts";
import { NOT_KEPT } from "./headers.ts";
import { hangUp, limitedServer, readBody } from "./limits.server.ts";
import { pages } from "./pages.server.ts";
import { ALLOWED, refusalOf, type Refusal } from "./refusal.ts";
import { routeNames } from "./routes.ts";
import { pathOf } from "./web-request.ts";
import { isForWebhooks, webhooks } from "./webhooks.server.ts";

// The web process of a deployment: the built app behind Node's own http server. remix-serve would do,
// but it logs whole URLs, and Shopify's first request carries a session token in its query, and it
// reads whatever it is sent.

const build = path.resolve(import.meta.dirname, "../..", "build");
const READY = "/readyz";
/** Bytes of a form: a name or a tag is the longest thing in ours. */
const LARGEST_FORM = 65_536;
/** How long open requests have to be answered when the process is to stop. */
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

/** Answers everything but webhooks; bodies are as small as forms are. */
function pagesAndFiles(): Answering {
  const answer = pages(app, { origin, nameOf });
  const file = files(path.join(build, "client"));
  return async (request, response) => {
    const body = await readBody(request, LARGEST_FORM).catch(() => undefined);
    // The client has gone before all was read.
    if (body === undefined) return;
    if (body === null) {
      hangUp(request.socket, 413);
      return;
    }
    const refusal = refusalOf(request, origin);
    if (refusal !== null) respond(response, refusal);
    else if (pathOf(request) === READY) await sayWhetherReady(response);
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

async function sayWhetherReady(response: ServerResponse): Promise<void> {
  const { status, missing } = await readiness();
  const headers = { "Cache-Control": NOT_KEPT, "Content-Type": "application/json; charset=utf-8" };
  response.writeHead(status, headers).end(JSON.stringify({ missing }));
}

/** Measures every answer, and logs it without its query. */
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

/** Ends when the open requests are answered; a request that hangs is cut off. */
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
