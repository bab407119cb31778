// Scores a store read from a file in a separate process, so that peak memory is the engine's alone.
import { readFileSync } from "node:fs";

import { fitStore, scoreStore, summarize } from "#engine";
import { rehearse } from "#engine/gate/rehearsal.ts";
import { compressHistories } from "#engine/histories/histories.ts";
import { fitMbgNbd } from "#engine/models/mbg-nbd.ts";

const seconds: Record<string, number> = {};

function time<T>(name: string, work: () => T): T {
  const start = performance.now();
  const result = work();
  seconds[name] = (performance.now() - start) / 1000;
  return result;
}

/** Customer, day and amount one after the other, as engine.bench.ts wrote them. */
function read(file: string) {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  const rows = byteLength / 16;
  const customer = new Int32Array(buffer, byteOffset + 8 * rows, rows);
  const day = new Int32Array(buffer, byteOffset + 12 * rows, rows);
  const amount = new Float64Array(buffer, byteOffset, rows);
  return { customer, day, amount, customers: (customer.at(-1) ?? -1) + 1 };
}

const purchases = read(process.argv[2] ?? "");
const summary = time("summarize", () => summarize(purchases, 900));
const histories = time("compress", () => compressHistories(summary));
time("fit", () => fitMbgNbd(histories));
const result = time("store", () =>
  fitStore(summary, purchases, { asOfDay: 900, fullHistory: true }),
);
if (result.kind === "fitted") time("score", () => scoreStore(summary, result.fit));
const plainMegabytes = process.resourceUsage().maxRSS / 1024;
time("select", () => rehearse(purchases, { asOfDay: 900, horizonDays: 90, firstDay: 0 }));
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ seconds, plainMegabytes, megabytes, rows: histories.rows }));
