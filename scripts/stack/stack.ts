import type { Image } from "../image/build.ts";
import { writeAppConfig } from "./app-config.ts";
import { freshDatabase } from "./database.ts";
import { environmentsOf } from "./environment.ts";
import { freePort, root, type Running, startNode, waitForHttp } from "./processes.ts";
import { workerFlags } from "./worker-flags.ts";

export type StackOptions = {
  /** A demo shop of the simulator. */
  shop: string;
  /** Only for the shop `generated`. */
  customers?: number;
  /** Name of the database; it is recreated. */
  database: string;
  /** Folder for logs and files of this stack. */
  directory: string;
  ports?: { simulator?: number; app?: number };
  /** Additional flags for the simulator. */
  simulatorFlags?: string[];
  /** Additional environment of web and worker. */
  environment?: Record<string, string>;
  /** The built app (default), or its sources with reloading. */
  web?: "built" | "sources";
  /** Web and worker run in this image instead of this checkout. */
  image?: Image;
};

/** Everything the product needs, on this machine: database, simulated Shopify, web, worker. */
export type Stack = {
  shop: string;
  /** The shop's permanent domain. */
  domain: string;
  simulatorUrl: string;
  appUrl: string;
  databaseUrl: string;
  apiKey: string;
  apiSecret: string;
  environment: Record<string, string>;
  /** The app's configuration, filled in. */
  appConfig: string;
  /** Where web and worker run: this checkout, or an image. */
  directory: string;
  startWorker: () => Running;
  stop: () => Promise<void>;
};

const webArguments = {
  built: ["--import", "tsx", "app/server/main.ts"],
  sources: ["node_modules/@remix-run/dev/dist/cli.js", "vite:dev"],
};

type Simulated = { port: number; appConfig: string };

function simulatorArguments(options: StackOptions, { port, appConfig }: Simulated): string[] {
  const size = options.customers === undefined ? [] : ["--customers", String(options.customers)];
  // The simulator reads the webhook subscriptions from it, as Shopify does.
  const app = ["--app-config", appConfig];
  const flags = ["--port", String(port), "--shop", options.shop, ...size, ...app];
  return ["--import", "tsx", "simulator/main.ts", ...flags, ...(options.simulatorFlags ?? [])];
}

/** In an image web and worker have the same port in the environment: there each has its own machine. */
async function portsBeside(): Promise<Record<string, string>> {
  return { METRICS_PORT: String(await freePort()), WORKER_PORT: String(await freePort()) };
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const running: Running[] = [];
  const start = (
    name: string,
    args: string[],
    { env, cwd }: { env: Record<string, string>; cwd?: string | undefined },
  ): Running => {
    const process = startNode({ name, args, env, cwd, logDirectory: options.directory });
    running.push(process);
    return process;
  };
  const database = await freshDatabase(options.database);
  const stop = async () => {
    await Promise.all(running.map((process) => process.stop()));
    await database.release();
  };
  try {
    const databaseUrl = database.url;
    const simulatorPort = await freePort(options.ports?.simulator);
    const appPort = await freePort(options.ports?.app);
    const simulatorUrl = `http://127.0.0.1:${simulatorPort}`;
    const environments = environmentsOf({ appPort, simulatorUrl, databaseUrl });
    const { appUrl, apiKey, apiSecret } = environments;
    const appConfig = writeAppConfig(options.directory, environments);
    const environment = {
      ...(options.image && { ...options.image.env, ...(await portsBeside()) }),
      ...environments.app,
      ...options.environment,
    };
    const cwd = options.image?.directory ?? root;
    const simulator = start(
      "simulator",
      simulatorArguments(options, { port: simulatorPort, appConfig }),
      { env: environments.simulator },
    );
    const web = start("web", webArguments[options.web ?? "built"], {
      env: {
        ...environment,
        ...(options.web === "sources" ? { NODE_ENV: "development" } : {}),
      },
      cwd,
    });
    await Promise.all([
      waitForHttp(`${simulatorUrl}/`, { for: simulator, seconds: 120 }),
      waitForHttp(`${appUrl}/healthz`, { for: web, seconds: 60 }),
    ]);
    return {
      shop: options.shop,
      domain: `${options.shop}.myshopify.com`,
      simulatorUrl,
      appUrl,
      databaseUrl,
      apiKey,
      apiSecret,
      environment,
      directory: cwd,
      appConfig,
      startWorker: () =>
        start("worker", [...workerFlags, "app/worker/main.ts"], { env: environment, cwd }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
