import { rmSync } from "node:fs";
import path from "node:path";

import type { Site } from "../stack/admin-api.ts";
import { environmentsOf } from "../stack/environment.ts";
import { type Command, freePort, root, waitForHttp } from "../stack/processes.ts";
import { StormDatabase } from "./database.ts";
import type { StormOptions } from "./options.ts";
import { Supervised } from "./supervised-process.ts";

/** The system under test of a storm: the product with its own server, and several shops. */
export type Stage = {
  database: StormDatabase;
  simulator: Supervised;
  web: Supervised;
  workers: Supervised[];
  sites: Site[];
  /** The app's environment, for calling its functions from here. */
  environment: Record<string, string>;
  /** The shop of a handle, which need not be among `sites`. */
  siteOf: (handle: string) => Site;
  /** POST to the simulator's control plane; throws when it is refused. */
  control: (path: string, body: object) => Promise<Record<string, unknown>>;
  stop: () => Promise<void>;
};

/** Two workers: each continues what the other left unfinished. */
const WORKERS = 2;
/** A shorter timeout than in production, since simulated days have few seconds. */
const ADMIN_API_TIMEOUT_MS = "3000";
/** Generated shops have about two orders a customer, so some of them count as large. */
const ORDERS_OF_LARGE_SHOP = 2.04;

function simulatorFlags(options: StormOptions, port: number): string[] {
  const shops = Array.from({ length: options.shops }, (_, index) => `generated-${index + 1}`);
  return [
    ...["--port", String(port), "--app-config", "shopify.app.toml", "--plan", "enterprise"],
    ...["--seed", String(options.seed), "--customers", String(options.customers)],
    ...["--bulk-latency-ms", "100", "--bulk-query-objects-per-second", "2000"],
    // Four hours of retries become a minute, since simulated days are short.
    ...["--bulk-mutation-lines-per-second", "500", "--webhook-retry-scale", "0.004"],
    ...["--data-directory", path.resolve(root, options.directory, "files")],
    ...shops.flatMap((shop) => ["--shop", shop]),
  ];
}

export async function setStage(options: StormOptions): Promise<Stage> {
  const logDirectory = path.resolve(root, options.directory);
  rmSync(logDirectory, { recursive: true, force: true });
  const database = await StormDatabase.start(logDirectory);
  const [simulatorPort, appPort] = [await freePort(), await freePort()];
  const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
  const places = { appPort, simulatorUrl, databaseUrl: database.url };
  const { appUrl, apiKey, apiSecret, ...environments } = environmentsOf(places);
  const environment = {
    ...environments.app,
    ADMIN_API_TIMEOUT_MS,
    ORDERS_FOR_OWN_TABLE: String(Math.round(options.customers * ORDERS_OF_LARGE_SHOP)),
    LOG_LEVEL: "info",
  };
  const start = (name: string, file: string, more: Partial<Command> = {}) => {
    const args = ["--import", "tsx", file, ...(more.args ?? [])];
    return new Supervised({ name, env: environment, logDirectory, ...more, args });
  };
  const simulator = start("simulator", "simulator/main.ts", {
    args: simulatorFlags(options, simulatorPort),
    env: environments.simulator,
  });
  const web = start("web", "app/server/main.ts");
  await waitForHttp(`${simulatorUrl}/`, { for: simulator.running, seconds: 120 });
  await waitForHttp(`${appUrl}/healthz`, { for: web.running, seconds: 60 });
  const workers = Array.from({ length: WORKERS }, (_, index) =>
    start(`worker-${index + 1}`, "app/worker/main.ts"),
  );
  const siteOf = (shop: string): Site => {
    return { shop, domain: `${shop}.myshopify.com`, simulatorUrl, appUrl, apiKey, apiSecret };
  };
  return {
    ...{ database, simulator, web, workers, environment, siteOf },
    sites: Array.from({ length: options.shops }, (_, index) => siteOf(`generated-${index + 1}`)),
    control: (to, body) => postJson(`${simulatorUrl}/__simulator/${to}`, body),
    stop: async () => {
      await Promise.all([...workers, web, simulator].map((process) => process.stop()));
      await database.server.stop();
    },
  };
}

async function postJson(url: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok)
    throw new Error(`${url} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}
