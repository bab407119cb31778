// Benchmarks. None passes or fails: figures that matter are copied, with the command and the machine,
// into bench/results.md.
//   npm run bench                 everything
//   npm run bench -- throttle     those named
import "#runtime/fit-node.mjs";

import { readdirSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import path from "node:path";

export type Bench = {
  /** What is measured, in one sentence. */
  title: string;
  run: () => Promise<Row[]>;
};

/** A row of the table: what was measured, the result, and the goal. */
export type Row = { what: string; measured: string; goal?: string };

const suffix = ".bench.ts";
const all = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))
  .sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`No bench is called ${unknown.join(", ")}; there are ${all.join(", ")}`);
  process.exit(2);
}

const processor = cpus()[0]?.model.trim() ?? "unknown processor";
const memory = Math.round(totalmem() / 2 ** 30);
console.log(`${cpus().length} × ${processor}, ${memory} GiB, Node ${process.versions.node}\n`);
for (const name of wanted.length > 0 ? wanted : all) {
  const bench = (await import(path.join(import.meta.dirname, `${name}${suffix}`))) as {
    default: Bench;
  };
  console.log(`## ${name}: ${bench.default.title}\n`);
  console.log("| what | measured | goal |\n|---|---|---|");
  for (const { what, measured, goal } of await bench.default.run()) {
    console.log(`| ${what} | ${measured} | ${goal ?? ""} |`);
  }
  console.log();
}
process.exit(0);
