import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { type Purchases, simulateStore, summarize } from "#engine";
import { compressHistories } from "#engine/histories/histories.ts";
import { fitBgNbd } from "#engine/models/bg-nbd.ts";
import { fitMbgNbd } from "#engine/models/mbg-nbd.ts";
import { fitParetoNbd } from "#engine/models/pareto-nbd.ts";
import { cdnow, cdnowSample } from "#tests/stores/read.ts";
import { dayOf } from "#tests/stores/rows.ts";

import type { Bench, Row } from "./main.ts";

/** Median of some runs, in milliseconds, after one to warm up. */
function median(work: () => unknown): number {
  work();
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.sort((left, right) => left - right)[3];
}

function fits(
  name: string,
  purchases: Purchases,
  { asOfDay, goal }: { asOfDay: number; goal: string },
): Row[] {
  const summary = summarize(purchases, asOfDay);
  const measure = (fit: typeof fitMbgNbd | typeof fitBgNbd | typeof fitParetoNbd) =>
    `${median(() => fit(compressHistories(summary))).toFixed(1)} ms`;
  return [
    { what: `${name}: compress and fit MBG/NBD`, measured: measure(fitMbgNbd), goal },
    { what: `${name}: compress and fit BG/NBD`, measured: measure(fitBgNbd), goal },
    { what: `${name}: compress and fit Pareto/NBD`, measured: measure(fitParetoNbd) },
  ];
}

/** Fits of stores of growing size: the time per customer should not grow. */
function growth(): Row[] {
  return [1000, 10_000, 100_000, 1_000_000].map((customers) => {
    const { purchases } = simulateStore({ seed: 1, customers, startDay: 0, endDay: 900 });
    const summary = summarize(purchases, 900);
    const ms = median(() => fitMbgNbd(compressHistories(summary)));
    const each = `${((1000 * ms) / customers).toFixed(2)} µs a customer`;
    const goal = customers === 100_000 ? "≤ 120 ms" : customers === 1_000_000 ? "≤ 500 ms" : "";
    return {
      what: `simulated ${customers.toLocaleString("en")}: compress and fit MBG/NBD`,
      measured: `${ms.toFixed(1)} ms (${each})`,
      goal,
    };
  });
}

type Million = {
  seconds: Record<string, number>;
  plainMegabytes: number;
  megabytes: number;
};

function million(): Row[] {
  const file = path.join(import.meta.dirname, "engine-million.ts");
  const folder = mkdtempSync(path.join(tmpdir(), "encore-bench-"));
  const store = path.join(folder, "store");
  const options = { seed: 1, customers: 1_000_000, startDay: 0, endDay: 900 };
  const { amount, customer, day } = simulateStore(options).purchases;
  writeFileSync(store, new Uint8Array(amount.buffer));
  appendFileSync(store, new Uint8Array(customer.buffer));
  appendFileSync(store, new Uint8Array(day.buffer));
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", file, store], {
    encoding: "utf8",
  });
  rmSync(folder, { recursive: true });
  if (!stdout) throw new Error(stderr);
  const { seconds, plainMegabytes, megabytes } = JSON.parse(stdout) as Million;
  const row = (what: string, measured: string, goal: string): Row => ({
    what: `simulated 1,000,000: ${what}`,
    measured,
    goal,
  });
  const s = (name: string) => `${(seconds[name] ?? 0).toFixed(2)} s`;
  return [
    row("every score", s("score"), "≤ 1.5 s"),
    row("selection of models, season and value on past windows", s("select"), "≤ 10 s"),
    row(
      "peak memory of fit and score, purchases included",
      `${plainMegabytes.toFixed(0)} MB`,
      "≤ 250 MB",
    ),
    row("peak memory with selection", `${megabytes.toFixed(0)} MB`, ""),
  ];
}

export default {
  title: "speed and memory of the statistical core, one core",
  run: () =>
    Promise.resolve([
      ...fits("CDNOW sample, 2,357", cdnowSample(), {
        asOfDay: dayOf("1997-10-01"),
        goal: "≤ 5 ms",
      }),
      ...fits("CDNOW, 23,570", cdnow(), { asOfDay: dayOf("1997-10-01"), goal: "≤ 20 ms" }),
      ...growth(),
      ...million(),
    ]),
} satisfies Bench;
