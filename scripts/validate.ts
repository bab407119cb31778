// What has to hold before a change is done: format, lint, architecture, unused code, types, migrations, tests.
//   --static   everything but the tests
import "#runtime/fit-node.mjs";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "./stack/processes.ts";

const { values } = parseArgs({ options: { static: { type: "boolean", default: false } } });
const bin = (...parts: string[]) => path.join(root, "node_modules", ...parts);

const folders = ["app", "engine", "cli", "simulator", "scripts", "bench"];
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

const checks: [name: string, args: string[]][] = [
  ["format", [bin("prettier", "bin", "prettier.cjs"), "--check", "--log-level=warn", "."]],
  ["lint", [bin("eslint", "bin", "eslint.js"), ".", "--max-warnings=0"]],
  [
    "architecture",
    [
      bin("dependency-cruiser", "bin", "dependency-cruise.mjs"),
      ...folders,
      "--config",
      ".dependency-cruiser.mjs",
    ],
  ],
  ["unused", [bin("knip", "bin", "knip.js"), "--no-progress"]],
  ["types", [bin("typescript", "bin", "tsc"), "--noEmit"]],
  ["migrations", migrationDrift],
  ...(values.static
    ? []
    : [["tests", ["--import", "tsx", "scripts/test.ts"]] as [string, string[]]]),
];

const failed: string[] = [];
for (const [name, args] of checks) {
  const started = Date.now();
  const run = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    stdio: name === "tests" ? "inherit" : "pipe",
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${run.status === 0 ? "✓" : "✗"} ${name} (${seconds} s)`);
  if (run.status === 0) continue;
  failed.push(name);
  console.log(`${run.stdout ?? ""}${run.stderr ?? ""}`);
}
if (failed.length > 0) {
  console.log(`Not yet: ${failed.join(", ")}`);
  process.exit(1);
}
console.log("All good.");
