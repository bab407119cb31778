import { createHash } from "node:crypto";

import type pg from "pg";

import type { ShopDomain } from "#app/ids.ts";

import type { StoredOrder } from "./normalise.ts";

/** By which a customer is told who was erased; the number itself is not kept. */
export function customerDigest(shop: ShopDomain, customerId: string): Buffer {
  return createHash("sha256").update(`${shop}/${customerId}`).digest();
}

const LOCK = "hashtextextended('redaction:' || $1, 0)";

/** While orders are stored nobody is erased, and the other way round; until the transaction ends. */
export async function lockForErasing(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(${LOCK})`, [shop]);
}

/**
 * The orders without the customers who were erased on request: Shopify may still name them, or have
 * named them when it wrote its export. In the transaction that stores them.
 */
export async function withoutRedacted(
  client: pg.PoolClient,
  shop: ShopDomain,
  orders: StoredOrder[],
): Promise<StoredOrder[]> {
  await client.query(`select pg_advisory_xact_lock_shared(${LOCK})`, [shop]);
  const { rows } = await client.query<{ digest: string }>(
    "select encode(customer_digest, 'hex') as digest from redacted_customers where shop = $1",
    [shop],
  );
  if (rows.length === 0) return orders;
  const redacted = new Set(rows.map(({ digest }) => digest));
  return orders.map((order) => {
    const { customerId } = order;
    if (customerId === null) return order;
    const known = redacted.has(customerDigest(shop, customerId).toString("hex"));
    return known ? { ...order, customerId: null } : order;
  });
}

/** Whether this customer was erased on request; until the transaction ends nobody else is. */
export async function isRedacted(
  client: pg.PoolClient,
  shop: ShopDomain,
  customerId: string,
): Promise<boolean> {
  await client.query(`select pg_advisory_xact_lock_shared(${LOCK})`, [shop]);
  const { rowCount } = await client.query(
    "select 1 from redacted_customers where shop = $1 and customer_digest = $2",
    [shop, customerDigest(shop, customerId)],
  );
  return rowCount !== 0;
}
