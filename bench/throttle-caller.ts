// One of several processes that write tags in one shop as fast as they are allowed to, until its
// calls are done or its standard input ends. Prints statistics of its calls since the last data on
// standard input, if there was any.
import { closeDatabase } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { metrics } from "#app/lib/metrics.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { addTags } from "#app/shopify/resources/tags.server.ts";

const [domain = "", id = "", callers = "1", calls = "0"] = process.argv.slice(2);
const admin = adminClient(shopDomain(domain));
const waits: number[] = [];
let left = Number(calls);
process.stdin.once("end", () => (left = 0)).on("data", () => waits.splice(0));

async function caller(): Promise<void> {
  while (left > 0) {
    left -= 1;
    const started = performance.now();
    await addTags(admin, { id, tags: [`called-${String(left % 20)}`] });
    waits.push(performance.now() - started);
  }
}

await Promise.all(Array.from({ length: Number(callers) }, caller));
const { values } = await metrics.apiReplies.get();
const throttled = values.find(({ labels }) => labels.outcome === "throttled")?.value ?? 0;
const medianMs = waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)] ?? 0;
console.log(JSON.stringify({ calls: waits.length, throttled, medianMs }));
await closeDatabase();
process.exit(0);
