import { pool } from "#app/lib/db.server.ts";
import { type ShopDomain, toGid } from "#app/lib/ids.ts";
import { type AdminApi, adminClient } from "#app/shopify/api/client.server.ts";
import { deleteMetafields } from "#app/shopify/resources/metafields.server.ts";
import { readTagged } from "#app/shopify/resources/tagged-customers.server.ts";
import { removeTags } from "#app/shopify/resources/tags.server.ts";

import { type FailureCode, failureCode, FINAL } from "./plan/failure-codes.ts";
import { metafieldKeys, metafieldNamespace } from "./plan/metafields.ts";
import type { Write } from "./plan/writes.ts";
import { metafieldsToDelete } from "./send/batch-file.server.ts";
import { existingWrites } from "./state/existing-writes.ts";

/** Number of customers cleaned, and of those for whom Shopify refused, by reason. */
export type RemovalOutcome = {
  customers: number;
  left: { code: FailureCode; customers: number }[];
};

/**
 * Removes what was found on erased customers, by direct calls. Nothing about them is stored, so
 * after an interruption they have to be found again.
 *
 * @param found the tags and metafields of each, in the form of writes
 * @throws AppError when Shopify cannot be used
 */
export async function removeDirectly(
  admin: AdminApi,
  found: readonly Write[],
  signal?: AbortSignal,
): Promise<RemovalOutcome> {
  if (found.length === 0) return { customers: 0, left: [] };
  const blocked = await readBlocked(admin.shop);
  const left = new Map<FailureCode, number>();
  for (const write of found) {
    const code = await removeFromOne(admin, { write, blocked, signal });
    if (code !== null) left.set(code, (left.get(code) ?? 0) + 1);
  }
  return {
    customers: found.length,
    left: [...left].map(([code, customers]) => ({ code, customers })),
  };
}

/**
 * Removes our tags and metafields from an erased customer, as far as Shopify still has them.
 * Shopify is not called for a shop that never agreed to writing, has left or has lost access.
 *
 * @throws AppError when Shopify cannot be used; calling again starts over
 */
export async function removeFromErasedCustomer(
  shop: ShopDomain,
  customerId: string,
  signal?: AbortSignal,
): Promise<RemovalOutcome> {
  const { rowCount } = await pool.query(
    `select 1 from shops
      where shop = $1 and uninstalled_at is null and access_lost_at is null and not leftovers
        and (writing_agreed_at is not null or exists (select 1 from clean_ups where shop = $1))`,
    [shop],
  );
  if (rowCount === 0) return { customers: 0, left: [] };
  const admin = adminClient(shop);
  const found = await readTagged(admin, { customerId, namespace: metafieldNamespace }, signal);
  const ours = existingWrites(found).filter(({ add = [], set }) => add.length > 0 || set);
  return removeDirectly(admin, ours, signal);
}

type Removal = { write: Write; blocked: readonly string[]; signal: AbortSignal | undefined };

/** @returns why Shopify refused; null when nothing of ours is left */
async function removeFromOne(
  admin: AdminApi,
  { write: { customerId, add = [], set = {} }, blocked, signal }: Removal,
): Promise<FailureCode | null> {
  const options = { signal };
  const keys = metafieldKeys.filter((key) => key in set && !blocked.includes(key));
  if (add.length > 0) {
    const change = { id: toGid("Customer", customerId), tags: add };
    const outcome = await removeTags(admin, change, options);
    if (outcome.kind === "refused") return unlessGone(failureCode(outcome.errors));
  }
  if (keys.length > 0) {
    const outcome = await deleteMetafields(admin, metafieldsToDelete(customerId, keys), options);
    if (outcome.kind === "refused") return unlessGone(failureCode(outcome.errors));
  }
  return null;
}

/** A customer who no longer exists has nothing left on them. */
function unlessGone(code: FailureCode): FailureCode | null {
  return code === FINAL ? null : code;
}

async function readBlocked(shop: ShopDomain): Promise<string[]> {
  const { rows } = await pool.query<{ blocked: string[] }>(
    "select blocked_metafields as blocked from shops where shop = $1",
    [shop],
  );
  return rows[0]?.blocked ?? [];
}
