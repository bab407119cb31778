import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";

import { adminRoutes } from "#simulator/admin/routes.ts";
import { bulkFiles } from "#simulator/bulk/files.ts";
import { controlPlane } from "#simulator/control/routes.ts";
import { Executor } from "#simulator/graphql/execute.ts";
import { adminApi } from "#simulator/http/admin-api.ts";
import { json } from "#simulator/http/answers.ts";
import { resolvers } from "#simulator/resolvers/all.ts";
import { shopActions } from "#simulator/shop-actions.ts";
import type { Store } from "#simulator/state.ts";
import { deliverWebhooks } from "#simulator/webhooks/deliver.ts";
import { readSubscriptions } from "#simulator/webhooks/subscriptions.ts";

export type RunningSimulator = { origin: string; store: Store; close: () => Promise<void> };

/** Longer than any client stays silent between two requests. */
const IDLE_MS = 600_000;

type StartOptions = {
  store: Store;
  /** 0 takes a free one. */
  port: number;
  /** Path of the app's `shopify.app.toml` with the webhook subscriptions; none without it. */
  appConfig?: string | undefined;
  /** Rebuilds the shops, for the control plane. */
  reset?: () => Promise<void>;
};

/** Listens on 127.0.0.1 and sets `store.settings.origin` to where that is. */
export async function startSimulator(options: StartOptions): Promise<RunningSimulator> {
  const { store, port, appConfig, reset = () => Promise.resolve() } = options;
  if (appConfig !== undefined) deliverWebhooks(store, await readSubscriptions(appConfig));
  const app = routes(store, reset);
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    // A client that sends just as an idle connection is closed cannot know whether it was received.
    serverOptions: { keepAliveTimeout: IDLE_MS },
  }) as Server;
  await listen(server, port);
  store.settings.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin: store.settings.origin, store, close: () => close(server) };
}

function routes(store: Store, reset: () => Promise<void>): Hono {
  const executor = new Executor(resolvers);
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    // Clients of a shop learn its time from the responses.
    c.header("date", store.clock.now().toUTCString());
  });
  app.use(async ({ req }, next) => (await adminApi(store, executor, req.raw)) ?? next());
  app.use(async ({ req }, next) => (await bulkFiles(store, req.raw)) ?? next());
  app.route("/", controlPlane({ store, reset }));
  app.route("/", adminRoutes({ store, actions: shopActions(store) }));
  app.notFound(() => json(404, { errors: "Not Found" }));
  app.onError((error) =>
    json(500, { errors: `The simulator failed: ${error.stack ?? error.message}` }),
  );
  return app;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
