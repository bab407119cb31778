import { execFile } from "node:child_process";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import pg from "pg";

import { browser, launch } from "../scripts/attack/forge.ts";
import { send } from "../scripts/attack/send.ts";
import type { Site } from "../scripts/stack/admin-api.ts";
import { buildApp } from "../scripts/stack/build.ts";
import { type AppProcesses, startApp } from "./app-processes.ts";
import { LightShopify } from "./light-shopify.ts";
import type { Bench, Row } from "./main.ts";
import { putShop } from "./many-shops.ts";
import { quantile } from "./webhook-load.ts";

const CLIENTS = 10;
const MEGABYTES = 200;
const SECONDS = Number(process.env.BODIES_SECONDS ?? 60);
const SHOP = "bodies";
const WARM_UP = 30;

type Answered = { milliseconds: number[]; failed: number };

/** Sends one request after another until the promise settles; latencies ascending. */
async function asking(url: string, path: () => string, until: Promise<unknown>): Promise<Answered> {
  const milliseconds: number[] = [];
  let failed = 0;
  let over = false;
  void until.then(() => (over = true));
  while (!over) {
    const sent = await send(url, path(), { headers: { "user-agent": browser } });
    milliseconds.push(sent.milliseconds);
    if (sent.status !== 200) failed += 1;
    await sleep(25);
  }
  return { milliseconds: milliseconds.sort((a, b) => a - b), failed };
}

async function residentBytes({ webMetricsUrl }: AppProcesses): Promise<number> {
  const { text } = await send(webMetricsUrl, "/metrics");
  return Number(/^encore_process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
}

/** The process's peak memory until the promise settles. */
async function mostMemory(app: AppProcesses, until: Promise<unknown>): Promise<number> {
  let most = 0;
  let over = false;
  void until.then(() => (over = true));
  while (!over) {
    most = Math.max(most, await residentBytes(app));
    await sleep(200);
  }
  return most;
}

type Measured = { health: Answered; pages: Answered; memory: number };

/** Latencies of other clients, and the process's peak memory, until the promise settles. */
async function measure(
  app: AppProcesses,
  page: () => string,
  until: Promise<unknown>,
): Promise<Measured> {
  const [health, pages, memory] = await Promise.all([
    asking(app.appUrl, () => "/healthz", until),
    asking(app.appUrl, page, until),
    mostMemory(app, until),
  ]);
  return { health, pages, memory };
}

type Load = { bodies: number; taken: number };

async function pourIn({ appUrl }: AppProcesses): Promise<Load> {
  const file = path.join(import.meta.dirname, "bodies-load.ts");
  const figures = [SECONDS, CLIENTS, MEGABYTES].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...["--import", "tsx", file, appUrl, ...figures],
  ]);
  return JSON.parse(stdout) as Load;
}

/** A shop that was opened before: its page only queries the database. */
async function installed(app: AppProcesses): Promise<Site> {
  const client = new pg.Client({ connectionString: app.databaseUrl });
  await client.connect();
  const domain = `${SHOP}.myshopify.com`;
  await putShop(client, domain, { customers: 500, seed: 1 });
  await client.end();
  const { appUrl, apiSecret, environment } = app;
  const apiKey = environment.SHOPIFY_API_KEY ?? "";
  return { shop: SHOP, domain, simulatorUrl: "", appUrl, apiKey, apiSecret };
}

async function run(): Promise<Row[]> {
  buildApp();
  const shopify = new LightShopify();
  const app = await startApp("bodies", await shopify.start());
  try {
    const site = await installed(app);
    const page = () => `/app?${launch(site)}`;
    for (let asked = 0; asked < WARM_UP; asked += 1) {
      const { status } = await send(app.appUrl, page(), { headers: { "user-agent": browser } });
      if (status !== 200) throw new Error(`the page answers ${status}`);
    }
    // As long as the load: pages alone make the process grow for a minute.
    const peace = await measure(app, page, sleep(SECONDS * 1000));
    const pouring = pourIn(app);
    const meanwhile = await measure(app, page, pouring);
    const load = await pouring;
    const latencies = ({ milliseconds, failed }: Answered) => {
      const [half, most] = [quantile(milliseconds, 0.5), quantile(milliseconds, 1)];
      const times = `${half.toFixed(0)} ms, ${most.toFixed(0)} ms`;
      return `${times} of ${milliseconds.length}${failed > 0 ? `; ${failed} failed` : ""}`;
    };
    const megabytes = (load.taken / load.bodies / 1e6).toFixed(1);
    return [
      {
        what: `bodies of ${MEGABYTES} MB from ${CLIENTS} clients at once, for ${SECONDS} s`,
        measured: `${load.bodies} cut off, when ${megabytes} MB of each had left its client`,
      },
      { what: "/healthz before: half, all", measured: latencies(peace.health) },
      {
        what: "/healthz meanwhile: half, all",
        measured: latencies(meanwhile.health),
        goal: "all < 250 ms",
      },
      { what: "a page before: half, all", measured: latencies(peace.pages) },
      {
        what: "a page meanwhile: half, all",
        measured: latencies(meanwhile.pages),
        goal: "all < 250 ms",
      },
      {
        what: "most memory of the web process: before, meanwhile",
        measured: `${(peace.memory / 1e6).toFixed(0)} MB, ${(meanwhile.memory / 1e6).toFixed(0)} MB`,
        goal: "+ 50 MB at most",
      },
    ];
  } finally {
    await app.stop();
    shopify.stop();
  }
}

export default { title: "large bodies: refused while others are answered", run } satisfies Bench;
