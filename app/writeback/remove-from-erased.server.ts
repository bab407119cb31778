import { pool } from "#app/lib/db.server.ts";
import { toGid, type ShopDomain } from "#app/lib/ids.ts";
import { adminClient, type AdminApi } from "#app/shopify/api/client.server.ts";
import { deleteMetafields } from "#app/shopify/resources/metafields.server.ts";
import { readTagged } from "#app/shopify/resources/tagged-customers.server.ts";
import { removeTags } from "#app/shopify/resources/tags.server.ts";

import { metafieldsToDelete } from "./send/batch-file.server.ts";
import { failureCode, FINAL, type FailureCode } from "./plan/failure-codes.ts";
import { existingWrites } from "./state/existing-writes.ts";
import { metafieldKeys, metafieldNamespace } from "./plan/metafields.ts";
import type { Write } from "./plan/writes.ts";

/** From how many customers something was taken off, and from how many Shopify would not, and why. */
export type RemovalOutcome = {
  customers: number;
  left: { code: FailureCode; customers: number }[];
};

/**
 * Takes what was found off customers who were erased on request, by direct calls: nothing about them
 * is written down, so that being stopped means finding them again.
 *
 * @param found what stands on each, as if we had written it
 * @throws AppError when Shopify cannot be asked
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
 * Takes our tags and metafields off a customer who was erased on request, as far as they stand there
 * by Shopify's word. In a shop that never agreed to writing, that has left or to which access is lost
 * nothing is asked.
 *
 * @throws AppError when Shopify cannot be asked; calling again starts over
 */
export async function removeFromErasedCustomer(
  shop: ShopDomain,
  customerId: string,
  signal?: AbortSignal,
): Promise<RemovalOutcome> {
  const { rowCount } = await pool.query(
    `SELECT 1 FROM shops
      WHERE shop = $1 AND uninstalled_at IS NULL AND access_lost_at IS NULL AND NOT leftovers
        AND (writing_agreed_at IS NOT NULL OR EXISTS (SELECT 1 FROM clean_ups WHERE shop = $1))`,
    [shop],
  );
  if (rowCount === 0) return { customers: 0, left: [] };
  const admin = adminClient(shop);
  const found = await readTagged(admin, { customerId, namespace: metafieldNamespace }, signal);
  const ours = existingWrites(found).filter(({ add = [], set }) => add.length > 0 || set);
  return removeDirectly(admin, ours, signal);
}

type One = { write: Write; blocked: readonly string[]; signal: AbortSignal | undefined };

/** @returns why it stays; null when it is gone */
async function removeFromOne(
  admin: AdminApi,
  { write: { customerId, add = [], set = {} }, blocked, signal }: One,
): Promise<FailureCode | null> {
  const options = { signal };
  const keys = metafieldKeys.filter((key) => key in set && !blocked.includes(key));
  if (add.length > 0) {
    const change = { id: toGid("Customer", customerId), tags: add };
    const outcome = await removeTags(admin, change, options);
    if (outcome.kind === "refused") return standing(failureCode(outcome.errors));
  }
  if (keys.length > 0) {
    const outcome = await deleteMetafields(admin, metafieldsToDelete(customerId, keys), options);
    if (outcome.kind === "refused") return standing(failureCode(outcome.errors));
  }
  return null;
}

/** Nothing stands on a customer who is no longer there. */
function standing(code: FailureCode): FailureCode | null {
  return code === FINAL ? null : code;
}

async function readBlocked(shop: ShopDomain): Promise<string[]> {
  const { rows } = await pool.query<{ blocked: string[] }>(
    "SELECT blocked_metafields AS blocked FROM shops WHERE shop = $1",
    [shop],
  );
  return rows[0]?.blocked ?? [];
}
