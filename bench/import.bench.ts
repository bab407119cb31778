import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

import { freshDatabase } from "../scripts/stack/database.ts";
import { workerFlags } from "../scripts/stack/worker-flags.ts";
import type { Bench, Row } from "./main.ts";
import { writeOrdersFile } from "./orders-file.ts";

const root = path.dirname(import.meta.dirname);
// A shorter run: IMPORT_CUSTOMERS=100000 npm run bench -- import
const { IMPORT_CUSTOMERS } = process.env;
const SIZES = IMPORT_CUSTOMERS ? [Number(IMPORT_CUSTOMERS)] : [10_000, 100_000, 1_000_000];

const folder = path.join(root, ".data", "bench-import");

/** A smaller import would end before it could be killed. */
const LEAST_TO_KILL = 200_000;

type Loading = { url: string; orders: number; databaseUrl: string };

type Loaded = { lines: number; resumedAt: number; seconds: number; megabytes: number };

type FileServer = { url: string; close: () => void };

async function serve(file: string): Promise<FileServer> {
  const script = path.join(import.meta.dirname, "file-server.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, file], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  return {
    url: `http://127.0.0.1:${port.toString().trim()}/orders.jsonl`,
    close: () => child.stdin.end(),
  };
}

function environment(databaseUrl: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: "production",
    LOG_LEVEL: "warn",
    DATABASE_URL: databaseUrl,
    SHOPIFY_API_KEY: "bench",
    SHOPIFY_API_SECRET: "bench",
    TOKEN_KEYS: `bench:${randomBytes(32).toString("base64")}`,
    SHOPIFY_APP_URL: "http://127.0.0.1:3100",
  };
}

/** @param killAtLines ends the process with SIGKILL once so many lines are stored */
async function load(
  { url, orders, databaseUrl }: Loading,
  killAtLines?: number,
): Promise<Loaded | null> {
  const script = path.join(import.meta.dirname, "import-load.ts");
  const child = spawn(process.execPath, [...workerFlags, script, url, String(orders)], {
    env: environment(databaseUrl),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  if (killAtLines === undefined) {
    await ended;
    return JSON.parse(output) as Loaded;
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  for (let stored = 0; stored < killAtLines && child.exitCode === null;) {
    await sleep(50);
    const { rows } = await client.query<{ lines: string }>(
      "select coalesce(max(lines_loaded), 0) as lines from order_imports where state = 'loading'",
    );
    stored = Number(rows[0]?.lines);
  }
  child.kill("SIGKILL");
  await Promise.all([ended, client.end()]);
  return null;
}

/** As at the end of an import. */
async function analyze(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query("analyze orders");
  await client.end();
}

async function counted(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ orders: string }>("select count(*) as orders from orders");
  await client.end();
  return Number(rows[0]?.orders);
}

/** @returns seconds, the better of two */
function parseAlone(file: string, how: "readline" | "splitter"): number {
  const parser = path.join(import.meta.dirname, "import-parse.ts");
  const seconds = [1, 2].map(() => {
    const args = ["--import", "tsx", parser, file, how];
    const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
    return (JSON.parse(stdout) as Loaded).seconds;
  });
  return Math.min(...seconds);
}

async function measure(customers: number): Promise<Row[]> {
  const file = path.join(folder, `orders-${customers}.jsonl`);
  const orders = writeOrdersFile(file, customers);
  const name = orders.toLocaleString("en");
  const alone = parseAlone(file, "splitter");
  const byReadline = parseAlone(file, "readline");
  const server = await serve(file);
  const { url } = server;
  const database = await freshDatabase("encore_bench_import", "kept");
  const loading = { url, orders, databaseUrl: database.url };
  const row = (what: string, { seconds, megabytes, resumedAt }: Loaded, goal: string): Row => {
    const rate = (orders - resumedAt) / seconds;
    const share = (parsing: number) => `${(((rate * parsing) / orders) * 100).toFixed(0)} %`;
    return {
      what: `${what}: ${name} lines (${(statSync(file).size / 1e6).toFixed(0)} MB)`,
      measured:
        `${seconds.toFixed(1)} s = ${Math.round(rate).toLocaleString("en")} lines/s, ` +
        `${share(alone)} of the rate of parsing alone (${alone.toFixed(1)} s), ${share(byReadline)} ` +
        `of that with Node's readline (${byReadline.toFixed(1)} s), ` +
        `${megabytes.toFixed(0)} MB at most`,
      goal,
    };
  };
  const checked = async (loaded: Loaded | null): Promise<Loaded> => {
    const stored = await counted(database.url);
    if (loaded?.lines !== orders || stored !== orders)
      throw new Error(`${stored} orders are stored of ${orders}`);
    return loaded;
  };
  try {
    const rows = [row("first import", await checked(await load(loading)), "≥ 33 %")];
    await analyze(database.url);
    rows.push(row("import again", await checked(await load(loading)), "≥ 20 %"));
    if (orders < LEAST_TO_KILL) return rows;
    await load(loading, Math.floor(orders / 2));
    const resumed = await checked(await load(loading));
    const from = resumed.resumedAt.toLocaleString("en");
    rows.push(row(`killed and gone on from line ${from}`, resumed, "all orders there once"));
    return rows;
  } finally {
    server.close();
    await database.release();
    rmSync(file);
  }
}

async function run(): Promise<Row[]> {
  mkdirSync(folder, { recursive: true });
  try {
    const rows: Row[] = [];
    for (const customers of SIZES) rows.push(...(await measure(customers)));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export default {
  title: "storing the whole order history of a shop from the file of a bulk export",
  run,
} satisfies Bench;
