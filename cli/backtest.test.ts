import path from "node:path";

import { expect, it, vi } from "vitest";

import { cdnowCsv, encore } from "./in-process.ts";

// A backtest fits every model; its duration is not tested here.
vi.setConfig({ testTimeout: 180_000 });

const giftware = path.join(import.meta.dirname, "..", "data", "online-retail-2010.csv.gz");

type Figures = {
  customers: number;
  buyers: number;
  baseRate: number;
  baseLogLoss: number;
  windowComplete: boolean;
  models: { model: string; auc: number; logLoss: number; ece: number; value: { gini: number } }[];
  baselines: { baseline: string; usesSpend: boolean; auc: number }[];
  input: { digest: string };
  fit: { asOfDay: number };
};

async function figures(args: string[], stdin = ""): Promise<Figures> {
  const { code, stdout } = await encore(["backtest", ...args], stdin);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Figures;
}

it("A backtest has every model, the selected average and every baseline rule", async () => {
  const { models, baselines, ...said } = await figures([
    giftware,
    "--cutoff",
    "2010-09-01",
    "--horizon",
    "90",
  ]);
  expect(models.map((result) => result.model)).toEqual([
    "selected",
    "mbg-nbd",
    "pareto-nbd",
    "mbg-cnbd-2",
    "mbg-cnbd-3",
    "mbg-cnbd-4",
    "bg-nbd",
    "nbd",
  ]);
  expect(baselines.map((result) => result.baseline)).toContain("rfm");
  const [selected] = models;
  expect(selected.auc).toBeGreaterThan(0.65);
  expect(selected.logLoss).toBeLessThan(said.baseLogLoss);
  expect(said.buyers / said.customers).toBe(said.baseRate);
  expect(said.windowComplete).toBe(true);
});

it("Orders after the window, and refunds of orders before it, change nothing", async () => {
  const csv = cdnowCsv();
  const args = ["-", "--cutoff", "1998-01-01", "--horizon", "90"];
  const plain = await figures(args, csv);
  const later = await figures(args, `${csv}\n00002,1998-06-29,1,50\n`);
  expect(later.input.digest).toBe(plain.input.digest);
  // 00002 bought in January 1997 only: a refund within the window must not change what was known
  // before.
  const refunded = await figures(args, `${csv}\n00002,1998-02-01,1,-89\n`);
  expect(refunded.input.digest).toBe(plain.input.digest);
  expect(refunded.customers).toBe(plain.customers);
});

it("A cut-off before or after all orders is bad input", async () => {
  const early = await encore(
    ["backtest", "-", "--cutoff", "1990-01-01", "--horizon", "30"],
    cdnowCsv(),
  );
  expect(early).toMatchObject({ code: 2, stdout: "" });
  const late = await encore(
    ["backtest", "-", "--cutoff", "2001-01-01", "--horizon", "30"],
    cdnowCsv(),
  );
  expect(late).toMatchObject({ code: 2, stdout: "" });
  expect(late.stderr).toContain("after the last order (1998-06-30)");
});
