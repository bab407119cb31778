// One step of a shop's scoring and write-back, in a separate process, as in a worker.
//   node --import tsx bench/write-plan-run.ts score|count|plan|write [AS-OF-DAY]
import { closeDatabase, prisma } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { stopQueue } from "#app/queue/queue.server.ts";
import { runScoring } from "#app/scoring/run/run-scoring.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { runWriteback } from "#app/writeback/push.server.ts";
import { atOnce } from "#app/writeback/send/at-once.ts";
import { readBatch, recordBatches } from "#app/writeback/send/batches.server.ts";
import { uploadBatch } from "#app/writeback/send/send-batch.server.ts";
import { plannedPages, readDesiredOptions } from "#app/writeback/state/planned-writes.server.ts";

import { millionShop } from "./million-shop.ts";
import { countReasons } from "./write-reasons.ts";

const shop = shopDomain(millionShop);
const seconds: Record<string, number> = {};
const processorSeconds: Record<string, number> = {};

async function time<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const started = performance.now();
  const used = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(used);
  seconds[name] = (performance.now() - started) / 1000;
  processorSeconds[name] = (user + system) / 1e6;
  return result;
}

/** As many files as the app uploads concurrently. */
const AT_ONCE = 4;

/** Only the first part of a push: uploads all files that it would send, then discards them. */
async function plan(): Promise<void> {
  const options = await readDesiredOptions(shop);
  if (!options) throw new Error("Nothing was scored");
  const { batches } = await time("plan", () =>
    recordBatches(shop, (asked) => plannedPages(shop, options, { ...asked, of: "everybody" })),
  );
  const sending = { admin: adminClient(shop) };
  await time("files", () =>
    atOnce(batches, {
      workers: AT_ONCE,
      work: async (id) => {
        await uploadBatch(await readBatch(shop, id), sending);
      },
    }),
  );
  await prisma.writeBatch.deleteMany({ where: { shop } });
}

const [what, asOf] = process.argv.slice(2);
if (what === "score") await time("score", () => runScoring(shop, asOf ? { asOf } : {}));
if (what === "plan") await plan();
if (what === "write") await time("write", () => runWriteback(shop));
const reasons = what === "count" ? await countReasons(shop) : null;
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ seconds, processorSeconds, megabytes, reasons }));
await stopQueue();
await closeDatabase();
process.exit(0);
