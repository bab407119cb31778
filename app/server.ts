import "#runtime/fit-node.mjs";
import { createServer } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express from "express";

import { closeDatabase } from "#app/db.server.ts";
import { env } from "#app/env.server.ts";
import { stopQueue } from "#app/jobs/queue.server.ts";
import { log } from "#app/log.server.ts";
import { metrics } from "#app/metrics.server.ts";
import { nowStopping, openOperationsPort, readiness } from "#app/operations.server.ts";

import { closing } from "./server-closing.server.ts";
import { routeNames } from "./server-routes.ts";

// The web process of a deployment: the built app behind Node's own http server. remix-serve would do,
// but it logs whole URLs, and Shopify's first request carries a session token in its query.

const build = path.resolve(import.meta.dirname, "..", "build");
const YEAR_SECONDS = 365 * 24 * 3600;
/**
 * How long an idle connection is kept: longer than by load balancers, most of which keep theirs for 60 s.
 * Whoever sends at the moment at which we close one is never answered.
 */
const IDLE_MS = 75_000;
/** How long open requests have to be answered when the process is to stop. */
const STOP_MS = 10_000;

async function application(): Promise<express.Express> {
  const { href } = pathToFileURL(path.join(build, "server", "index.js"));
  const server = (await import(/* @vite-ignore */ href)) as ServerBuild;
  const app = express();
  app.disable("x-powered-by");
  app.use(timing(routeNames(server.routes)));
  app.get("/readyz", async (_request, response) => {
    const { status, missing } = await readiness();
    response.status(status).json({ missing });
  });
  app.use(compression());
  app.use(
    "/assets",
    express.static(path.join(build, "client", "assets"), {
      immutable: true,
      maxAge: YEAR_SECONDS * 1000,
    }),
  );
  app.use(express.static(path.join(build, "client"), { maxAge: "1h" }));
  app.all("*", createRequestHandler({ build: server, mode: env.NODE_ENV }));
  return app;
}

/** Measures every answer, and logs it without its query. */
function timing(nameOf: (path: string) => string): express.RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const { method, path: asked } = request;
    response.on("finish", () => {
      const milliseconds = performance.now() - started;
      const route = asked === "/readyz" ? asked : nameOf(asked);
      const status = String(response.statusCode);
      metrics.httpSeconds.observe({ route, method, status }, milliseconds / 1000);
      log.debug({ method, route, status, milliseconds: Math.round(milliseconds) }, "answered");
    });
    next();
  };
}

const server = createServer(await application());
server.keepAliveTimeout = IDLE_MS;
const close = closing(server);
const operations = await openOperationsPort(env.METRICS_PORT);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void stop();
  });
}
server.listen(env.PORT, env.HOST, () => {
  log.info({ port: env.PORT, host: env.HOST }, "serving");
});

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
