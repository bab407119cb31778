import { createHash } from "node:crypto";

import type pg from "pg";

import { inTransaction } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

const SHARED = "orders";

/** Dropping a table waits for its readers, and all later queries would queue behind it. */
const LOCK_TIMEOUT = "2s";

/** Hashed, since domains may be longer than PostgreSQL's identifiers. */
function ownTable(shop: ShopDomain): string {
  return `orders_of_${createHash("sha256").update(shop).digest("hex").slice(0, 24)}`;
}

/**
 * The table to insert a shop's orders into, for a transaction that stores some. All reads, updates
 * and deletions use `orders`, the parent from which the tables of large shops inherit.
 */
export async function tableOfOrders(client: pg.PoolClient, shop: ShopDomain): Promise<string> {
  const own = ownTable(shop);
  return (await exists(client, own)) ? own : SHARED;
}

async function exists(client: pg.PoolClient, relation: string): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    "select to_regclass($1) is not null as there",
    [relation],
  );
  return rows[0]?.there === true;
}

/**
 * Creates a table for a shop without orders, while none are being stored. The index by customer is
 * made later, by `indexOwnTable`.
 */
export async function giveOwnTable(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  const table = ownTable(shop);
  // The check constraint lets the planner skip the table for other shops. Autovacuum has nothing to
  // do before the import ends, and would only delay the index then.
  await client.query(
    `create table if not exists ${table} (
       primary key (shop, order_id), check (shop = ${client.escapeLiteral(shop)})
     ) inherits (orders) with (autovacuum_enabled = off)`,
  );
}

/**
 * Adds the index by customer and statistics to the shop's own table, if it has one without them.
 */
export async function indexOwnTable(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    const table = await tableOfOrders(client, shop);
    if (table === SHARED) return;
    const index = `${table}_customer_idx`;
    // `create index if not exists` would wait for all writers even where the index exists.
    if (await exists(client, index)) return;
    await client.query("set local maintenance_work_mem = '256MB'");
    await client.query(`create index ${index} on ${table} (customer_id)`);
    await client.query(`alter table ${table} reset (autovacuum_enabled)`);
    await client.query(`analyze ${table}`);
  });
}

/**
 * Drops the shop's own table with its rows.
 *
 * @throws pg.DatabaseError lock_not_available while a long query reads orders; to be retried
 */
export async function dropOwnTable(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
  await client.query(`drop table if exists ${ownTable(shop)}`);
  await client.query("set local lock_timeout = default");
}
