import { randomUUID } from "node:crypto";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { now } from "#app/lib/clock.server.ts";
import { inTransaction, prisma } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { clearFailedJob } from "#app/queue/failed-jobs.server.ts";
import { readNextAttempt } from "#app/queue/job-table.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { log } from "#app/lib/log.server.ts";
import { readErased } from "#app/orders/customers/erased-customers.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { readCustomersTagged } from "#app/shopify/resources/tagged-customers.server.ts";

import { asOfDayAt } from "#app/lib/calendar.ts";
import type { ExclusionView } from "./exclusion-tag.ts";
import { applyExclusion } from "./exclusion.server.ts";

/**
 * Keeps which tag leaves customers out. Those who carry it are read by the worker; until then those
 * who carried the tag of before stay left out, unless there is no tag any more.
 *
 * @param tag null for none
 */
export async function chooseExclusionTag(shop: ShopDomain, tag: string | null): Promise<void> {
  await inTransaction(async (client) => {
    await takeLock(client, "scores", shop);
    await client.query(
      "UPDATE shops SET exclusion_tag = $2, exclusion_read_at = NULL WHERE shop = $1",
      [shop, tag],
    );
    await clearFailedJob(client, { shop, task: "scoring.exclude" });
    if (tag === null) await replaceTagged(client, shop, { carriers: [], all: true });
    else await enqueue("scoring.exclude", { shop }, { client, soon: true });
  });
}

export async function readExclusionView(shop: ShopDomain): Promise<ExclusionView> {
  const [facts, failed, sources] = await Promise.all([
    prisma.shop.findUniqueOrThrow({ where: { shop } }),
    readNextAttempt(shop, "scoring.exclude"),
    prisma.excludedCustomer.groupBy({ by: ["source"], where: { shop }, _count: true }),
  ]);
  const countOf = (source: string) => sources.find((row) => row.source === source)?._count ?? 0;
  return {
    tag: facts.exclusionTag,
    readAt: facts.exclusionReadAt?.toISOString() ?? null,
    failed:
      facts.exclusionTag === null || failed === null
        ? null
        : { code: failed.code, nextAt: failed.at.toISOString() },
    byTag: countOf("tag"),
    byHand: countOf("merchant"),
  };
}

/**
 * Reads from Shopify who carries the exclusion tag, and leaves exactly these out; where some of them
 * cannot be told by name, nobody is taken back in. Shopify is not asked to tell of every change of a
 * customer, so that this is done before the scoring of each day and when the tag was chosen.
 *
 * @throws AppError when Shopify cannot be asked
 */
export async function readTaggedExclusions(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  const { exclusionTag: tag } = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  if (tag === null) return;
  const admin = adminClient(shop);
  const readAt = now();
  const search = { tag, intentId: `exclusion_${randomUUID()}`, signal };
  const carriers: string[] = [];
  let unnamed = 0;
  for await (const page of readCustomersTagged(admin, search)) {
    carriers.push(...page.ids);
    unnamed += page.unnamed;
  }
  await inTransaction(async (client) => {
    // Whoever was erased has nothing that could be scored, and is not written down again.
    const isErased = await readErased(client, shop);
    const held = carriers.filter((customerId) => !isErased(customerId));
    await takeLock(client, "scores", shop);
    const { rowCount } = await client.query(
      "UPDATE shops SET exclusion_read_at = $3 WHERE shop = $1 AND exclusion_tag = $2",
      [shop, tag, readAt],
    );
    // Another tag was chosen meanwhile: who carries it is read by the work that asked for.
    if (rowCount === 0) return;
    const changed = await replaceTagged(client, shop, { carriers: held, all: unnamed === 0 });
    log.info({ shop, carriers: held.length, unnamed, changed }, "read who is not to be scored");
  });
}

/**
 * The same, when it was not done yet for the day that is to be scored. Without Shopify the scoring
 * goes on with those who are known to be left out, and it is tried again by itself.
 */
export async function readTaggedExclusionsOfToday(
  shop: ShopDomain,
  signal?: AbortSignal,
): Promise<void> {
  const facts = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  const { exclusionTag, exclusionReadAt, timeZone } = facts;
  if (exclusionTag === null) return;
  const today = asOfDayAt(now(), timeZone);
  if (exclusionReadAt && asOfDayAt(exclusionReadAt, timeZone) >= today) return;
  try {
    await readTaggedExclusions(shop, signal);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.warn({ shop, code: error.code }, "could not read who is not to be scored");
    // Not only before the scoring of the next day.
    await enqueue("scoring.exclude", { shop });
  }
}

/**
 * @param all whether nobody else carries the tag
 * @returns how many customers are left out now and were not, or the other way round
 */
async function replaceTagged(
  client: Parameters<typeof applyExclusion>[0],
  shop: ShopDomain,
  { carriers, all }: { carriers: readonly string[]; all: boolean },
): Promise<number> {
  const { rows } = await client.query<{ customer_id: string }>(
    `WITH carriers AS (SELECT DISTINCT unnest($2::text[]) AS customer_id),
     gone AS (
       DELETE FROM excluded_customers e
        WHERE shop = $1 AND source = 'tag' AND $3
          AND NOT EXISTS (SELECT 1 FROM carriers c WHERE c.customer_id = e.customer_id)
       RETURNING customer_id
     ), come AS (
       INSERT INTO excluded_customers (shop, customer_id, source)
       SELECT $1, customer_id, 'tag' FROM carriers ON CONFLICT DO NOTHING
       RETURNING customer_id
     )
     SELECT customer_id FROM gone UNION ALL SELECT customer_id FROM come`,
    [shop, carriers, all],
  );
  const changed = rows.map((row) => row.customer_id);
  if (changed.length > 0) await applyExclusion(client, shop, changed);
  return changed.length;
}
