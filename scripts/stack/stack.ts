import type { Image } from "../image/build.ts";
import { freshDatabase } from "./database.ts";
import { environmentsOf } from "./environment.ts";
import { freePort, startNode, waitForHttp, type Running } from "./processes.ts";
import { workerFlags } from "./worker-flags.ts";

export type StackOptions = {
  /** A demo shop of the simulator. */
  shop: string;
  /** Only for the shop `generated`. */
  customers?: number;
  /** Name of the database; it is made anew. */
  database: string;
  /** Where logs and files of this stack go. */
  directory: string;
  ports?: { simulator?: number; app?: number };
  /** More flags for the simulator. */
  simulatorFlags?: string[];
  /** More of the environment of web and worker. */
  environment?: Record<string, string>;
  /** The app as it was built (default), or from its sources with reloading. */
  web?: "built" | "sources";
  /** Web and worker run in it instead of this checkout. */
  image?: Image;
};

/** Everything the product needs to run, on this machine: database, simulated Shopify, web, worker. */
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
  startWorker: () => Running;
  stop: () => Promise<void>;
};

const webArguments = {
  built: ["--import", "tsx", "app/server.ts"],
  sources: ["node_modules/@remix-run/dev/dist/cli.js", "vite:dev"],
};

function simulatorArguments(options: StackOptions, port: number): string[] {
  const size = options.customers === undefined ? [] : ["--customers", String(options.customers)];
  // The simulator reads there which webhooks the app wants, as Shopify does.
  const app = ["--app-config", "shopify.app.toml"];
  const flags = ["--port", String(port), "--shop", options.shop, ...size, ...app];
  return ["--import", "tsx", "simulator/main.ts", ...flags, ...(options.simulatorFlags ?? [])];
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
    const environment = { ...options.image?.env, ...environments.app, ...options.environment };
    const cwd = options.image?.directory;
    const simulator = start("simulator", simulatorArguments(options, simulatorPort), {
      env: environments.simulator,
    });
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
      startWorker: () =>
        start("worker", [...workerFlags, "app/jobs/worker.ts"], { env: environment, cwd }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
