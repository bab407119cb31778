import { randomUUID } from "node:crypto";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { asOfDayAt } from "#app/lib/calendar.ts";
import { now } from "#app/lib/clock.server.ts";
import { inTransaction, prisma } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { readErased } from "#app/orders/customers/erased-customers.server.ts";
import { clearFailedJob } from "#app/queue/failed-jobs.server.ts";
import { readNextAttempt } from "#app/queue/job-table.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { readCustomersTagged } from "#app/shopify/resources/tagged-customers.server.ts";

import { applyExclusion } from "./exclusion.server.ts";
import type { ExclusionView } from "./exclusion-tag.ts";

/**
 * Stores the exclusion tag and enqueues the reading of its carriers. Until then, carriers of the
 * previous tag stay excluded, unless the new tag is null.
 *
 * @param tag null for none
 */
export async function chooseExclusionTag(shop: ShopDomain, tag: string | null): Promise<void> {
  await inTransaction(async (client) => {
    await takeLock(client, "scores", shop);
    await client.query(
      "update shops set exclusion_tag = $2, exclusion_read_at = null where shop = $1",
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
 * Reads the carriers of the exclusion tag from Shopify and excludes exactly these; where some lines
 * are unreadable, customers are only added. Since the app subscribes to no webhook about changed
 * customers, this runs before each day's scoring and after a new tag was chosen.
 *
 * @throws AppError when Shopify cannot be used
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
    // Erased customers have nothing to score, and their ids must not be stored again.
    const isErased = await readErased(client, shop);
    const held = carriers.filter((customerId) => !isErased(customerId));
    await takeLock(client, "scores", shop);
    const { rowCount } = await client.query(
      "update shops set exclusion_read_at = $3 where shop = $1 and exclusion_tag = $2",
      [shop, tag, readAt],
    );
    // Another tag was chosen meanwhile, which enqueued its own reading.
    if (rowCount === 0) return;
    const changed = await replaceTagged(client, shop, { carriers: held, all: unnamed === 0 });
    log.info({ shop, carriers: held.length, unnamed, changed }, "read excluded customers");
  });
}

/**
 * Like {@link readTaggedExclusions}, unless it has been done today. When Shopify cannot be used,
 * the scoring continues with the known exclusions, and the reading is enqueued again.
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
    log.warn({ shop, code: error.code }, "could not read excluded customers");
    // Otherwise the next try would come only with the next day's scoring.
    await enqueue("scoring.exclude", { shop });
  }
}

/**
 * @param all whether `carriers` is complete
 * @returns how many customers became excluded or are no longer excluded
 */
async function replaceTagged(
  client: Parameters<typeof applyExclusion>[0],
  shop: ShopDomain,
  { carriers, all }: { carriers: readonly string[]; all: boolean },
): Promise<number> {
  const { rows } = await client.query<{ customer_id: string }>(
    `with carriers as (select distinct unnest($2::text[]) as customer_id),
     gone as (
       delete from excluded_customers e
        where shop = $1 and source = 'tag' and $3
          and not exists (select 1 from carriers c where c.customer_id = e.customer_id)
       returning customer_id
     ), come as (
       insert into excluded_customers (shop, customer_id, source)
       select $1, customer_id, 'tag' from carriers on conflict do nothing
       returning customer_id
     )
     select customer_id from gone union all select customer_id from come`,
    [shop, carriers, all],
  );
  const changed = rows.map((row) => row.customer_id);
  if (changed.length > 0) await applyExclusion(client, shop, changed);
  return changed.length;
}
