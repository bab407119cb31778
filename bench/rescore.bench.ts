import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";

import { freshDatabase } from "../scripts/stack/database.ts";
import { workerFlags } from "../scripts/stack/worker-flags.ts";
import type { Bench, Row } from "./main.ts";
import { isoDay, leaveOutWeeks, storeMillionShop } from "./million-shop.ts";

/** 2026-11-22. */
const END_DAY = 20_779;

type Measured = {
  seconds: { whole: number; one: number };
  megabytes: number;
  blockedMs: number;
};

function score(databaseUrl: string, asOfDay: number): Measured {
  const script = path.join(import.meta.dirname, "rescore-run.ts");
  const child = spawnSync(process.execPath, [...workerFlags, script, isoDay(asOfDay)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      LOG_LEVEL: process.env.LOG_LEVEL ?? "warn",
      DATABASE_URL: databaseUrl,
      SHOPIFY_API_KEY: "bench",
      SHOPIFY_API_SECRET: "bench",
      SHOPIFY_APP_URL: "http://127.0.0.1:3100",
      TOKEN_KEYS: `bench:${randomBytes(32).toString("base64")}`,
    },
  });
  const printed = child.stdout.trim().split("\n").at(-1) ?? "";
  return JSON.parse(printed) as Measured;
}

async function measure(customers: number): Promise<Row[]> {
  const database = await freshDatabase("encore_bench_rescore", "kept");
  try {
    const orders = await storeMillionShop(database.url, { customers, endDay: END_DAY });
    await leaveOutWeeks(database.url, END_DAY);
    const first = score(database.url, END_DAY);
    const nightly = score(database.url, END_DAY + 1);
    const name = `${customers.toLocaleString("en")} customers, ${orders.toLocaleString("en")} orders`;
    const row = (what: string, { seconds, megabytes, blockedMs }: Measured): Row => ({
      what: `${what}: ${name}`,
      measured:
        `${seconds.whole.toFixed(1)} s, ${megabytes.toFixed(0)} MB at most, ` +
        `other work waits ${blockedMs.toFixed(0)} ms at most`,
      goal: "< 60 s, < 1,000 MB",
    });
    return [
      row("first scoring, weeks aside", first),
      row("the next night's", nightly),
      {
        what: `an order's customer, among ${customers.toLocaleString("en")}`,
        measured: `${(nightly.seconds.one * 1000).toFixed(0)} ms`,
      },
    ];
  } finally {
    await database.release();
  }
}

async function run(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const customers of [10_000, 100_000, 1_000_000]) rows.push(...(await measure(customers)));
  return rows;
}

export default {
  title: "scoring a whole shop in PostgreSQL: read, fit, predict, tier, save",
  run,
} satisfies Bench;
