import { createServer, type Server } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express from "express";

import { env } from "#app/env.server.ts";
import { log } from "#app/log.server.ts";

// The web process of a deployment: the built app behind Node's own http server. remix-serve would do,
// but it logs whole URLs, and Shopify's first request carries a session token in its query.

const build = path.resolve(import.meta.dirname, "..", "build");
const YEAR_SECONDS = 365 * 24 * 3600;

async function application(): Promise<express.Express> {
  const { href } = pathToFileURL(path.join(build, "server", "index.js"));
  const server = (await import(/* @vite-ignore */ href)) as ServerBuild;
  const app = express();
  app.disable("x-powered-by");
  app.use(compression());
  app.use(
    "/assets",
    express.static(path.join(build, "client", "assets"), {
      immutable: true,
      maxAge: YEAR_SECONDS * 1000,
    }),
  );
  app.use(express.static(path.join(build, "client"), { maxAge: "1h" }));
  app.use((request, response, next) => {
    const started = performance.now();
    response.on("finish", () => {
      const milliseconds = Math.round(performance.now() - started);
      const { method, path: route } = request;
      log.debug({ method, route, status: response.statusCode, milliseconds }, "answered");
    });
    next();
  });
  app.all("*", createRequestHandler({ build: server, mode: env.NODE_ENV }));
  return app;
}

/** Ends when the open requests are answered; a request that hangs ends with the process. */
function closeOnSignal(server: Server): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      server.close(() => process.exit(0));
      server.closeIdleConnections();
      setTimeout(() => process.exit(0), 10_000).unref();
    });
  }
}

const server = createServer(await application());
closeOnSignal(server);
server.listen(env.PORT, env.HOST, () => {
  log.info({ port: env.PORT, host: env.HOST }, "serving");
});
