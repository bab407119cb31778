import { spawnSync } from "node:child_process";
import { createReadStream, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";

import type { Bench, Row } from "./main.ts";

const root = path.dirname(import.meta.dirname);
const folder = path.join(root, ".data", "bench-cli");
const inFolder = (name: string) => path.join(folder, name);
const encore = path.join(root, "cli", "encore.mjs");

/** A million customers over these years place a little more than three million orders. */
const store = ["--customers", "1000000", "--start", "2022-07-01", "--end", "2026-01-01"];

type Cost = { seconds: number; processorSeconds: number; megabytes: number };

/** Runs the command in a process of its own, and measures time and memory. */
function measure(args: string[]): Cost {
  const usage = inFolder("usage");
  const hook = path.join(import.meta.dirname, "usage.mjs");
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--import", hook, encore, ...args], {
    encoding: "utf8",
    env: { ...process.env, USAGE_FILE: usage },
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(stderr);
  const used = JSON.parse(readFileSync(usage, "utf8")) as Omit<Cost, "seconds">;
  return { seconds, ...used };
}

async function countLines(file: string): Promise<number> {
  let lines = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    for (const byte of chunk as Buffer) if (byte === 10) lines++;
  }
  return lines;
}

async function run(): Promise<Row[]> {
  mkdirSync(folder, { recursive: true });
  try {
    const orders = inFolder("orders.csv");
    measure(["simulate", ...store, "--out", orders, "--truth", inFolder("truth.csv")]);
    const rows = (await countLines(orders)) - 1;
    const size = (statSync(orders).size / 1e6).toFixed(0);
    const report = ["--report", inFolder("report.json")];
    return ["csv", "json", "parquet"].map((format) => {
      const out = inFolder(`scores.${format}`);
      const { seconds, processorSeconds, megabytes } = measure([
        "score",
        orders,
        ...report,
        "--out",
        out,
      ]);
      return {
        what: `1,000,000 customers, ${rows.toLocaleString("en")} orders (${size} MB) to ${format}, reading included`,
        measured: `${seconds.toFixed(1)} s (${processorSeconds.toFixed(1)} s of processor time), ${megabytes.toFixed(0)} MB at most`,
        goal: "< 30 s, < 1000 MB",
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export default {
  title: "the command line on a store of a million customers",
  run,
} satisfies Bench;
