import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { adminRoutes } from "#simulator/admin/routes.ts";
import { bulkFiles } from "#simulator/bulk/files.ts";
import { controlPlane } from "#simulator/control/routes.ts";
import { Executor } from "#simulator/graphql/execute.ts";
import { adminApi } from "#simulator/http/admin-api.ts";
import { json } from "#simulator/http/answers.ts";
import { send, toRequest } from "#simulator/http/node-adapter.ts";
import { resolvers } from "#simulator/resolvers/all.ts";
import { shopActions } from "#simulator/shop-actions.ts";
import type { Store } from "#simulator/state.ts";
import { deliverWebhooks } from "#simulator/webhooks/deliver.ts";
import { readSubscriptions } from "#simulator/webhooks/subscriptions.ts";

export type RunningSimulator = { origin: string; store: Store; close: () => Promise<void> };

/** Longer than anybody who talks to it is silent. */
const IDLE_MS = 600_000;

type Handler = (request: Request) => Promise<Response | null>;

type StartOptions = {
  store: Store;
  /** 0 takes a free one. */
  port: number;
  /** Path of the app's `shopify.app.toml`, whose webhook subscriptions are kept; none without it. */
  appConfig?: string | undefined;
  /** Opens the shops anew, for the control plane. */
  reset?: () => Promise<void>;
};

/** Listens on 127.0.0.1 and sets `store.settings.origin` to where that is. */
export async function startSimulator(options: StartOptions): Promise<RunningSimulator> {
  const { store, port, appConfig, reset = () => Promise.resolve() } = options;
  if (appConfig !== undefined) deliverWebhooks(store, await readSubscriptions(appConfig));
  const executor = new Executor(resolvers);
  const handlers: Handler[] = [
    (request) => adminApi(store, executor, request),
    (request) => bulkFiles(store, request),
    (request) => controlPlane({ store, reset }, request),
    adminRoutes({ store, actions: shopActions(store) }),
  ];
  const server = createServer((message, target) => {
    // Whoever talks to a shop learns from its answers what time it is there.
    target.setHeader("date", store.clock.now().toUTCString());
    answer(handlers, toRequest(message, store.settings.origin))
      .then((response) => send(response, target))
      .catch(() => target.destroy());
  });
  // Whoever sends at the moment at which an idle connection is closed cannot know whether it was heard.
  server.keepAliveTimeout = IDLE_MS;
  await listen(server, port);
  store.settings.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin: store.settings.origin, store, close: () => close(server) };
}

async function answer(handlers: readonly Handler[], request: Request): Promise<Response> {
  try {
    for (const handler of handlers) {
      const response = await handler(request);
      if (response !== null) return response;
    }
    return json(404, { errors: "Not Found" });
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return json(500, { errors: `The simulator failed: ${text}` });
  }
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
