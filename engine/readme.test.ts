import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { fitStore, type Purchases, scoreStore, summarize, tiers } from "./index.ts";

const folder = new URL("./", import.meta.url);
const readme = readFileSync(new URL("README.md", folder), "utf8");

it("the example of the README runs, and such a store is refused", () => {
  const purchases: Purchases = {
    customer: Int32Array.from([0, 0, 1]),
    day: Int32Array.from([20000, 20031, 20010]),
    amount: Float64Array.from([40, 25, 60]),
    customers: 2,
  };
  const asOfDay = 20100;
  const summary = summarize(purchases, asOfDay);
  const options = { asOfDay, fullHistory: true, rehearse: true };
  expect(fitStore(summary, purchases, options).kind).toBe("refused");
  const forced = fitStore(summary, purchases, { ...options, evenIfRefused: true });
  if (forced.kind === "refused") throw new Error("fitted even if refused");
  expect(tiers).toContain(tiers[scoreStore(summary, forced.fit).buyTier[0]]);
});

it("every function and test the README names exists", () => {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = paths.map((file) => path.basename(file));
  const code = paths
    .filter((file) => /^([a-z]+\/)?[\w-]+\.ts$/.test(file))
    .map((file) => readFileSync(new URL(file, folder), "utf8"))
    .join("\n");
  const rows = readme.split("\n").filter((line) => line.startsWith("| ") && line.includes("`"));
  expect(rows.length).toBeGreaterThan(25);
  for (const row of rows) {
    for (const [, name] of row.matchAll(/`([\w.-]+?)(?:\(…\)[.\w]*)?`/g)) {
      if (name.endsWith(".ts")) expect(files, name).toContain(name);
      else expect(code, name).toContain(name);
    }
  }
});
