import { createHash } from "node:crypto";

import type pg from "pg";

import { shareLock } from "#app/lib/advisory-locks.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

/** By which a customer is told who was erased; the number itself is not kept. */
export function customerDigest(shop: ShopDomain, customerId: string): Buffer {
  return createHash("sha256").update(`${shop}/${customerId}`).digest();
}

/** Whether a customer was erased on request. */
export type IsErased = (customerId: string) => boolean;

/**
 * Who was erased on request, for a transaction that is about to store what Shopify says of
 * customers: until it ends nobody else is erased. To be called before any other lock is taken, as
 * the erasure does.
 */
export async function readErased(client: pg.PoolClient, shop: ShopDomain): Promise<IsErased> {
  return (await readErasedIfAny(client, shop)) ?? (() => false);
}

/** As {@link readErased}; null where nobody was. */
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
