import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";

import { markChanged } from "./changed-customers.server.ts";
import { type IsErased, readErased } from "./erased-customers.server.ts";

/**
 * A customer who is no longer in Shopify. `into` is the customer they were merged into; null when
 * deleted or unknown.
 */
export type CustomerTombstone = { customerId: string; into: string | null };

/**
 * Records deleted and merged customers, moves the orders of merged ones, and marks the customers
 * concerned for rescoring. Orders whose new owner is unknown are fetched again. Idempotent; merges
 * may arrive in any order. Nothing is recorded about erased customers.
 */
export async function recordTombstones(
  client: pg.PoolClient,
  shop: ShopDomain,
  gone: readonly CustomerTombstone[],
): Promise<void> {
  const isErased = await readErased(client, shop);
  // One at a time: each may be the destination of another.
  await takeLock(client, "tombstones", shop);
  for (const { customerId, into } of gone) {
    if (isErased(customerId)) continue;
    const destination = into === null ? null : await destinationOf(client, shop, into);
    const known = isUsable({ customerId, into: destination }, isErased) ? destination : null;
    await client.query(
      `insert into gone_customers as g (shop, customer_id, into_customer_id) values ($1, $2, $3)
       on conflict (shop, customer_id) do update
         set into_customer_id = excluded.into_customer_id, settled_at = null
         where g.into_customer_id is null and excluded.into_customer_id is not null`,
      [shop, customerId, known],
    );
    if (known === null) await refetchOrdersOf(client, shop, customerId);
    else await moveTo(client, shop, { customerId, into: known });
    await markChanged(client, shop, known === null ? [customerId] : [customerId, known]);
    log.info({ shop, customer: customerId, into: known }, "a customer is gone");
  }
}

/**
 * Whether a merge destination may be recorded: a customer cannot be merged into themselves, and the
 * id of an erased customer is never stored again.
 */
function isUsable({ customerId, into }: CustomerTombstone, isErased: IsErased): boolean {
  return into !== null && into !== customerId && !isErased(into);
}

/** Who owns orders moved to this customer now: the customer, or the one they were merged into. */
async function destinationOf(
  client: pg.PoolClient,
  shop: ShopDomain,
  customerId: string,
): Promise<string> {
  const { rows } = await client.query<{ into: string }>(
    `select into_customer_id as into from gone_customers
      where shop = $1 and customer_id = $2 and into_customer_id is not null`,
    [shop, customerId],
  );
  return rows[0]?.into ?? customerId;
}

async function moveTo(
  client: pg.PoolClient,
  shop: ShopDomain,
  { customerId, into }: { customerId: string; into: string },
): Promise<void> {
  const both = [shop, customerId, into];
  await client.query(
    "update gone_customers set into_customer_id = $3 where shop = $1 and into_customer_id = $2",
    both,
  );
  await client.query(
    "update orders set customer_id = $3 where shop = $1 and customer_id = $2",
    both,
  );
  // The merchant's opt-out survives the merge.
  await client.query(
    `insert into excluded_customers (shop, customer_id, source)
     select shop, $3, source from excluded_customers
      where shop = $1 and customer_id = $2 and source = 'merchant' on conflict do nothing`,
    both,
  );
}

/** Adds the customer's orders to the inbox, to be fetched again. */
async function refetchOrdersOf(
  client: pg.PoolClient,
  shop: ShopDomain,
  customerId: string,
): Promise<void> {
  const { rowCount } = await client.query(
    `insert into webhook_inbox (shop, webhook_id, topic, resource_id)
     select shop, 'look-again/' || order_id, 'orders/updated', order_id
       from orders where shop = $1 and customer_id = $2
     on conflict (shop, webhook_id) do update set handled_at = null`,
    [shop, customerId],
  );
  if (rowCount !== 0) await enqueue("orders.follow", { shop }, { client });
}

/** Orders moved from one customer to another. */
export type Move = { from: string; to: string };

/**
 * When orders move between customers, the customers may have been merged without a webhook. Adds
 * inbox entries like those of a merge webhook, so that Shopify is asked whether the first customer
 * still exists.
 */
export async function enqueueMergeChecks(
  client: pg.PoolClient,
  shop: ShopDomain,
  moves: readonly Move[],
): Promise<void> {
  if (moves.length === 0) return;
  await client.query(
    `insert into webhook_inbox (shop, webhook_id, topic, resource_id, related_id)
     select distinct $1::text, 'moved/' || md5($1::text || '/' || m.from || '/' || m.to), 'customers/merge',
            m.from, m.to
       from unnest($2::text[], $3::text[]) as m ("from", "to")
     on conflict (shop, webhook_id) do update set handled_at = null`,
    [shop, moves.map(({ from }) => from), moves.map(({ to }) => to)],
  );
  await enqueue("orders.follow", { shop }, { client });
}

/**
 * For customers whom Shopify did not find when we wrote to them: adds inbox entries like those of a
 * delete webhook, so that Shopify is asked whether they still exist.
 */
export async function enqueueDeletionChecks(
  client: pg.PoolClient,
  shop: ShopDomain,
  customerIds: readonly string[],
): Promise<void> {
  const { rowCount } = await client.query(
    `insert into webhook_inbox (shop, webhook_id, topic, resource_id)
     select $1, 'not-found/' || md5($1 || '/' || id), 'customers/delete', id from unnest($2::text[]) as ids (id)
     on conflict do nothing`,
    [shop, customerIds],
  );
  if (rowCount !== 0) await enqueue("orders.follow", { shop }, { client });
}
