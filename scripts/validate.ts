// What CI runs: format, lint, architecture, unused code, types, migrations, tests.
//   --static   everything except the tests
import "#runtime/fit-node.mjs";

import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { root } from "./stack/processes.ts";

const { values } = parseArgs({ options: { static: { type: "boolean", default: false } } });
const bin = (...parts: string[]) => path.join(root, "node_modules", ...parts);

const folders = ["app", "engine", "cli", "simulator", "scripts", "bench", "runtime"];
const migrationDrift = [
  bin("prisma", "build", "index.js"),
  "migrate",
  "diff",
  "--config",
  "prisma/diff.config.ts",
  "--from-migrations",
  "prisma/migrations",
  "--to-schema-datamodel",
  "prisma/schema.prisma",
  "--exit-code",
];

type Check = [name: string, args: string[]];

// The slowest first.
const checks: Check[] = [
  ["format", [bin("prettier", "bin", "prettier.cjs"), "--check", "--log-level=warn", "."]],
  ["lint", [bin("eslint", "bin", "eslint.js"), ".", "--max-warnings=0"]],
  ["unused", [bin("knip", "bin", "knip.js"), "--no-progress"]],
  ["types", [bin("typescript", "bin", "tsc"), "--noEmit"]],
  ["migrations", migrationDrift],
  [
    "architecture",
    [
      bin("dependency-cruiser", "bin", "dependency-cruise.mjs"),
      ...folders,
      "--config",
      ".dependency-cruiser.mjs",
    ],
  ],
];

const failed: string[] = [];

async function carryOut([name, args]: Check, stdio: "pipe" | "inherit"): Promise<void> {
  const started = Date.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", stdio, stdio] });
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const status = await new Promise((resolve) => child.once("close", resolve));
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? "✓" : "✗"} ${name} (${seconds} s)`);
  if (status === 0) return;
  failed.push(name);
  console.log(said);
}

/** Runs the next check until none is left. */
async function runChecks(): Promise<void> {
  for (let check = checks.shift(); check !== undefined; check = checks.shift()) {
    await carryOut(check, "pipe");
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, runChecks));
if (!values.static) await carryOut(["tests", ["--import", "tsx", "scripts/test.ts"]], "inherit");
if (failed.length > 0) {
  console.log(`Failed: ${failed.join(", ")}`);
  process.exit(1);
}
console.log("All good.");
