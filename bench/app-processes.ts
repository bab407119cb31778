import path from "node:path";

import { freshDatabase } from "../scripts/stack/database.ts";
import { environmentsOf } from "../scripts/stack/environment.ts";
import {
  freePort,
  root,
  type Running,
  startNode,
  waitForHttp,
} from "../scripts/stack/processes.ts";
import { workerFlags } from "../scripts/stack/worker-flags.ts";

/** The app's own processes on an emptied database; Shopify is whatever answers at `shopifyUrl`. */
export type AppProcesses = {
  appUrl: string;
  apiSecret: string;
  databaseUrl: string;
  /** @returns the address of its operations port */
  startWorker: () => Promise<string>;
  /** The operations port of the web process. */
  webMetricsUrl: string;
  /** For this process, before it loads any module of the app's. */
  environment: Record<string, string>;
  stop: () => Promise<void>;
};

export async function startApp(name: string, shopifyUrl: string): Promise<AppProcesses> {
  const database = await freshDatabase(`encore_bench_${name}`, "kept");
  const [appPort, metricsPort] = [await freePort(), await freePort()];
  const places = { appPort, simulatorUrl: shopifyUrl, databaseUrl: database.url };
  const { appUrl, apiSecret, app } = environmentsOf(places);
  const environment = { ...app, LOG_LEVEL: "warn" };
  const running: Running[] = [];
  const start = (process: string, args: string[], env: Record<string, string>): Running => {
    const started = startNode({
      name: process,
      args,
      env: { ...environment, ...env },
      logDirectory: path.join(root, ".data", "logs", `bench-${name}`),
    });
    running.push(started);
    return started;
  };
  const web = start("web", ["--import", "tsx", "app/server/main.ts"], {
    METRICS_PORT: String(metricsPort),
  });
  await waitForHttp(`${appUrl}/healthz`, { for: web, seconds: 60 });
  return {
    appUrl,
    apiSecret,
    databaseUrl: database.url,
    webMetricsUrl: `http://127.0.0.1:${metricsPort}`,
    environment,
    startWorker: async () => {
      const port = await freePort();
      const name = `worker-${running.length}`;
      const args = [...workerFlags, "app/worker/main.ts"];
      const worker = start(name, args, { WORKER_PORT: String(port) });
      const url = `http://127.0.0.1:${port}`;
      await waitForHttp(`${url}/readyz`, { for: worker, seconds: 60 });
      return url;
    },
    stop: async () => {
      await Promise.all(running.map((process) => process.stop()));
      await database.release();
    },
  };
}

/** Seconds of processor time that a process has used so far. */
export async function processorSeconds(operationsUrl: string): Promise<number> {
  const text = await (await fetch(`${operationsUrl}/metrics`)).text();
  const line = text.split("\n").find((one) => one.startsWith("encore_process_cpu_seconds_total"));
  return Number(line?.split(" ")[1]);
}
