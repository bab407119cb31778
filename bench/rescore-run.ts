// A complete scoring run in a separate process, as in a worker, then the rescoring of one customer.
//   node --import tsx bench/rescore-run.ts AS-OF-DAY
import { closeDatabase, inTransaction, pool } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { markChanged } from "#app/orders/customers/changed-customers.server.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { runRescore } from "#app/scoring/run/rescore.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";

import { millionShop } from "./million-shop.ts";

const shop = shopDomain(millionShop);
const seconds: Record<string, number> = {};

async function time(name: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  seconds[name] = (performance.now() - start) / 1000;
}

/** The longest time for which the event loop was blocked. */
let blockedMs = 0;
let last = performance.now();
const turns = setInterval(() => {
  blockedMs = Math.max(blockedMs, performance.now() - last - 5);
  last = performance.now();
}, 5);

await time("whole", () => runScoring(shop, { asOf: process.argv[2] ?? "" }));
const megabytes = process.resourceUsage().maxRSS / 1024;
clearInterval(turns);
const { rows } = await pool.query<{ customer_id: string }>(
  "SELECT customer_id FROM scores WHERE shop = $1 ORDER BY customer_id LIMIT 1 OFFSET 100",
  [shop],
);
const customers = rows.map((row) => row.customer_id);
await inTransaction((client) => markChanged(client, shop, customers));
await time("one", () => runRescore(shop));
const { user, system } = process.cpuUsage();
const processorSeconds = (user + system) / 1e6;
console.log(JSON.stringify({ seconds, processorSeconds, megabytes, blockedMs }));
await stopQueue();
await closeDatabase();
process.exit(0);
