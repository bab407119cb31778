// Runs every test: unit, integration (real PostgreSQL, the simulated Shopify), browser (Chromium).
//   --only unit|integration|browser|storm   one kind
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { findChromium } from "./browser.ts";
import { buildApp } from "./stack/build.ts";
import { root } from "./stack/processes.ts";

const { values } = parseArgs({ options: { only: { type: "string" } } });
const kinds = ["unit", "integration", "browser", "storm"];
if (values.only !== undefined && !kinds.includes(values.only)) {
  console.error(`--only takes one of ${kinds.join(", ")}; found "${values.only}"`);
  process.exit(2);
}
const wanted = values.only ? [values.only] : kinds;

if (wanted.some((kind) => kind !== "unit")) {
  console.log(buildApp() ? "• Built the app" : "• The app is built already");
}
if (wanted.includes("browser")) console.log(`• Browser: ${(await findChromium()).source}`);

const results = path.join(root, ".data", "test-results.json");
const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
const run = spawnSync(
  process.execPath,
  [
    vitest,
    "run",
    ...wanted.flatMap((kind) => ["--project", kind]),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${results}`,
  ],
  { cwd: root, stdio: "inherit" },
);

type Results = { numPassedTests: number; numFailedTests: number; numPendingTests: number };
const counted = JSON.parse(readFileSync(results, "utf8")) as Results;
const skipped = counted.numPendingTests > 0 ? `, ${counted.numPendingTests} skipped` : "";
console.log(`${counted.numPassedTests} passed, ${counted.numFailedTests} failed${skipped}`);
process.exit(run.status ?? 1);
