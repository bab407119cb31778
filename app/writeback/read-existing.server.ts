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
 * Reads which of our tags and metafields are on customers, before the first write after an install
 * or a restored database: an earlier installation may have left some, or the written state may be
 * out of date.
 *
 * @throws AppError when Shopify cannot be used; calling again starts over or resumes
 */
export async function readExistingState(admin: AdminApi, signal?: AbortSignal): Promise<void> {
  const { shop } = admin;
  const facts = await prisma.shop.findUniqueOrThrow({ where: { shop } });
  const since = Math.max(facts.installedAt.getTime(), facts.restoredAt?.getTime() ?? 0);
  if (facts.knownReadAt && facts.knownReadAt.getTime() >= since) return;
  await prisma.writtenState.deleteMany({ where: { shop } });
  const intentId = `standing_${String(since)}`;
  await recordExistingState(admin, { intentId, signal });
  // By the database's clock, since it is compared with `installed_at`.
  await pool.query(
    "update shops set known_read_at = now(), written_run_id = null where shop = $1",
    [shop],
  );
}

type Search = { intentId: string; signal?: AbortSignal | undefined };

/**
 * Records as written state what customers with one of our tags have in Shopify. From erased
 * customers it is removed instead, and nothing is stored about them.
 *
 * @throws AppError when Shopify cannot be used; calling again with the same intent resumes
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
