import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { encore, rowsOf } from "./in-process.ts";

vi.setConfig({ testTimeout: 60_000 });

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "encore-simulate-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("A simulated store is determined by its seed", async () => {
  const run = async (seed: string) => (await encore(["simulate", "--seed", seed])).stdout;
  expect(await run("7")).toBe(await run("7"));
  expect(await run("8")).not.toBe(await run("7"));
});

it("The customers' true parameters are written beside their orders, or to a separate file", async () => {
  const { stdout } = await encore(["simulate", "--customers", "50"]);
  const rows = rowsOf(stdout);
  expect(Object.keys(rows[0])).toEqual([
    "customer_id",
    "date",
    "amount",
    "true_rate_per_day",
    "true_dropout",
    "true_mean_spend",
    "true_last_alive",
  ]);
  const truth = path.join(folder, "truth.csv");
  const out = path.join(folder, "orders.csv");
  await encore(["simulate", "--customers", "50", "--truth", truth, "--out", out]);
  const orders = rowsOf(readFileSync(out, "utf8"));
  expect(Object.keys(orders[0])).toEqual(["customer_id", "date", "amount"]);
  const truths = new Map(
    rowsOf(readFileSync(truth, "utf8")).map((row) => [row.customer_id, row.true_rate_per_day]),
  );
  expect(truths.size).toBe(50);
  for (const row of rows) expect(truths.get(row.customer_id)).toBe(row.true_rate_per_day);
});

it("A simulated store can be scored, and scores follow the true rates", async () => {
  const { stdout } = await encore(["simulate", "--customers", "3000", "--end", "2026-06-01"]);
  const scored = await encore(["score", "-", "--as-of", "2026-06-01"], stdout);
  expect(scored.code).toBe(0);
  const alive = new Map(
    rowsOf(stdout).map((row) => [row.customer_id, row.true_last_alive === "2026-06-01"]),
  );
  const mean = (wanted: boolean) => {
    const rows = rowsOf(scored.stdout).filter((row) => alive.get(row.customer_id) === wanted);
    return rows.reduce((sum, row) => sum + Number(row.buy_probability), 0) / rows.length;
  };
  expect(mean(true)).toBeGreaterThan(2 * mean(false));
});
