import { pool, prisma } from "#app/lib/db.server.ts";
import type { AdminApi } from "#app/shopify/api/client.server.ts";
import { readTaggedCustomers } from "#app/shopify/resources/tagged-customers.server.ts";

import { metafieldNamespace } from "./plan/metafields.ts";
import { tierTags } from "./plan/tags.ts";
import type { Write } from "./plan/writes.ts";
import { type RemovalOutcome, removeDirectly } from "./remove-from-erased.server.ts";
import { existingWrites } from "./state/existing-writes.ts";
import { recordExisting } from "./state/written-state.server.ts";

/**
 * Before the first write after an install: reads which of our tags and metafields
 * an earlier install left behind, so that they are replaced and not doubled. A
 * shop without any answers with an empty file. After the database was restored the
 * same is read, since what is written may be newer than what is known.
 *
 * @throws AppError when Shopify cannot be asked; calling again starts over or goes on
 */
export async function readExistingState(admin: AdminApi, signal?: AbortSignal): Promise<void> {
  const { shop } = admin;
  const facts = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  const since = Math.max(facts.installedAt.getTime(), facts.restoredAt?.getTime() ?? 0);
  if (facts.knownReadAt && facts.knownReadAt.getTime() >= since) return;
  await prisma.writtenState.deleteMany({ where: { shop } });
  const intentId = `standing_${String(since)}`;
  await recordExistingState(admin, { intentId, signal });
  // The database's clock, as for the time of the install: the two are compared.
  await pool.query(
    "update shops set known_read_at = now(), written_run_id = null where shop = $1",
    [shop],
  );
}

type Search = { intentId: string; signal?: AbortSignal | undefined };

/**
 * Records what is written on each customer who carries one of our tags. From customers who were erased
 * on request it is taken off instead, without their number being written down.
 *
 * @throws AppError when Shopify cannot be asked; calling again with the same intent goes on
 */
export async function recordExistingState(
  admin: AdminApi,
  search: Search,
): Promise<RemovalOutcome> {
  const erased = new Map<string, Write>();
  const wanted = { ...search, tags: tierTags, namespace: metafieldNamespace };
  for await (const page of readTaggedCustomers(admin, wanted)) {
    for (const write of await recordExisting(admin.shop, existingWrites(page))) {
      const before = erased.get(write.customerId);
      erased.set(write.customerId, { ...before, ...write, set: { ...before?.set, ...write.set } });
    }
  }
  return removeDirectly(admin, [...erased.values()], search.signal);
}
