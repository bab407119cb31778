// Mutation testing: makes one small change to the code after another and checks whether a test detects it.
//   npm run mutate -- orders writeback    these parts (scripts/mutation/parts.ts); default: all
//   npm run mutate -- orders --again      ignoring the results of the last run
import "#runtime/fit-node.mjs";

import { parseArgs } from "node:util";

import { Stryker } from "@stryker-mutator/core";

import { type Part, parts } from "./mutation/parts.ts";
import { reportOf } from "./mutation/report.ts";
import { root } from "./stack/processes.ts";

/** A mutant that takes this much longer counts as one that never ends. */
const LONGER_MS = 30_000;
/** The engine's tests take minutes, one after the other. */
const DRY_RUN_MINUTES = 30;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    again: { type: "boolean", default: false },
    concurrency: { type: "string", default: "2" },
  },
});
const unknown = positionals.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) {
  console.error(`There is no part "${unknown}"; there are ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
process.chdir(root);
const chosen = Object.entries(parts).filter(
  ([name]) => positionals.length === 0 || positionals.includes(name),
);
for (const [name, part] of chosen) {
  const { text, share } = reportOf(await mutate(name, part));
  process.stdout.write(`\n${name}\n${text}`);
  if (part.least !== null && share < part.least) process.exitCode = 1;
}

function mutate(name: string, { mutate, tests, config }: Part) {
  process.env.MUTATED_TESTS = tests;
  const kept = `.data/mutation/${name}`;
  return new Stryker({
    mutate,
    testRunner: "vitest",
    vitest: { configFile: config },
    plugins: ["@stryker-mutator/vitest-runner"],
    coverageAnalysis: "perTest",
    concurrency: Number(values.concurrency),
    tempDirName: ".data/mutation/sandbox",
    ignorePatterns: ["/.data", "/build", "/public", "/bench", "/extensions"],
    incremental: true,
    incrementalFile: `${kept}.incremental.json`,
    force: values.again,
    reporters: ["progress-append-only", "html", "json"],
    htmlReporter: { fileName: `${kept}.html` },
    jsonReporter: { fileName: `${kept}.json` },
    timeoutMS: LONGER_MS,
    timeoutFactor: 3,
    dryRunTimeoutMinutes: DRY_RUN_MINUTES,
  }).runMutationTest();
}
