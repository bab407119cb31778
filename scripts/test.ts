// Runs every test: unit, integration (real PostgreSQL, the simulated Shopify), browser (Chromium).
//   --only unit|integration|browser|storm|attack   one kind
import "#runtime/fit-node.mjs";

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { findChromium } from "./stack/browser.ts";
import { buildApp } from "./stack/build.ts";
import { root } from "./stack/processes.ts";

const { values } = parseArgs({ options: { only: { type: "string" } } });
const kinds = ["unit", "integration", "browser", "storm", "attack"];
if (values.only !== undefined && !kinds.includes(values.only)) {
  console.error(`--only takes one of ${kinds.join(", ")}; found "${values.only}"`);
  process.exit(2);
}
const wanted = values.only ? [values.only] : kinds;

if (wanted.some((kind) => kind !== "unit")) {
  console.log(buildApp() ? "• Built the app" : "• The app is up to date");
}
if (wanted.includes("browser")) console.log(`• Browser: ${(await findChromium()).source}`);

const results = path.join(root, ".data", "test-results.json");
const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");

type Results = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
};

/** @param files all of the wanted kinds when empty */
function run(files: string[]): { status: number; counted: Results } {
  const { status } = spawnSync(
    process.execPath,
    [
      vitest,
      "run",
      ...files,
      ...(files.length > 0 ? ["--no-file-parallelism"] : []),
      ...wanted.flatMap((kind) => ["--project", kind]),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${results}`,
    ],
    { cwd: root, stdio: "inherit" },
  );
  return { status: status ?? 1, counted: JSON.parse(readFileSync(results, "utf8")) as Results };
}

const first = run([]);
let { status } = first;
let { numPassedTests: passed, numFailedTests: failed } = first.counted;
const failing = first.counted.testResults.filter((file) => file.status === "failed");
if (failing.length > 0) {
  // Under load a process can be starved or time out. Each failure is repeated alone, and reported.
  console.log(`• Again and alone: ${String(failing.length)} files with failures`);
  const again = run(failing.map(({ name }) => name));
  status = again.status;
  const before = failing.flatMap((file) => file.assertionResults);
  passed += again.counted.numPassedTests - before.filter((one) => one.status === "passed").length;
  failed = again.counted.numFailedTests;
  for (const { name, status: now } of again.counted.testResults) {
    if (now === "passed")
      console.log(`! Failed at first, passed alone: ${path.relative(root, name)}`);
  }
}
const skipped =
  first.counted.numPendingTests > 0 ? `, ${String(first.counted.numPendingTests)} skipped` : "";
console.log(`${String(passed)} passed, ${String(failed)} failed${skipped}`);
process.exit(status);
