// The import of a finished export, in a separate process: reading it over HTTP and storing it.
//   node --import tsx bench/import-load.ts URL-OF-THE-FILE LINES
// It can be killed at any time: the next start resumes at the checkpoint in the database.
import { setTimeout as sleep } from "node:timers/promises";

import { inTransaction, pool, prisma } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { loadLines } from "#app/orders/import/load-lines.server.ts";
import {
  markDone,
  markLoading,
  markRunning,
  openImport,
} from "#app/orders/store/order-imports.server.ts";

const url = process.argv[2] ?? "";
const shop = shopDomain("million.myshopify.com");
await prisma.shop.upsert({
  where: { shop },
  update: {},
  create: {
    shop,
    shopifyId: "1",
    name: "Million",
    currency: "EUR",
    timeZone: "Europe/Paris",
    fullHistory: true,
  },
});
const started = performance.now();
const cpu0 = process.cpuUsage();
let job = await openImport(shop);
const resumedAt = job.state === "loading" ? job.linesLoaded : 0;
if (job.state === "intended") await markRunning(job, "gid://shopify/BulkOperation/1");
job = await openImport(shop);
if (job.state === "running") await markLoading(job, Number(process.argv[3]));
job = await openImport(shop);
if (job.state !== "loading") throw new Error(`The import is ${job.state}`);
const operation = {
  id: job.bulkOperationId,
  status: "COMPLETED" as const,
  errorCode: null,
  objectCount: "0",
  url,
  partialDataUrl: null,
};
const units = { currency: "EUR", digits: 2, timeZone: "Europe/Paris" };
const lines = await loadLines(job, operation, { units, signal: undefined });
const finished = job;
await inTransaction((client) => markDone(client, finished));
const seconds = (performance.now() - started) / 1000;
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ lines, resumedAt, seconds, megabytes, cpu: process.cpuUsage(cpu0) }));
await sleep(0);
await pool.end();
process.exit(0);
