import { createHash } from "node:crypto";

import type pg from "pg";

import { shareLock } from "#app/lib/advisory-locks.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

/** Recognises an erased customer whose id is not stored. */
export function customerDigest(shop: ShopDomain, customerId: string): Buffer {
  return createHash("sha256").update(`${shop}/${customerId}`).digest();
}

/** Whether a customer was erased on request. */
export type IsErased = (customerId: string) => boolean;

/**
 * The erased customers, for a transaction that is about to store customer ids: until it ends, no
 * other customer is erased. Call it before taking any other lock, in the same order as the erasure.
 */
export async function readErased(client: pg.PoolClient, shop: ShopDomain): Promise<IsErased> {
  return (await readErasedIfAny(client, shop)) ?? (() => false);
}

/** Like {@link readErased}; null when the shop has no erased customers. */
export async function readErasedIfAny(
  client: pg.PoolClient,
  shop: ShopDomain,
): Promise<IsErased | null> {
  await shareLock(client, "erasure", shop);
  const { rows } = await client.query<{ digest: string }>(
    "select encode(customer_digest, 'hex') as digest from redacted_customers where shop = $1",
    [shop],
  );
  if (rows.length === 0) return null;
  const digests = new Set(rows.map(({ digest }) => digest));
  return (customerId) => digests.has(customerDigest(shop, customerId).toString("hex"));
}
