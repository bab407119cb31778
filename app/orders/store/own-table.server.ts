import { createHash } from "node:crypto";

import type pg from "pg";

import { inTransaction } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

const SHARED = "orders";

/** While somebody reads a table it cannot go, and whoever comes after waits as long for the others. */
const LOCK_TIMEOUT = "2s";

/** Domains may be longer than PostgreSQL's names. */
function ownTable(shop: ShopDomain): string {
  return `orders_of_${createHash("sha256").update(shop).digest("hex").slice(0, 24)}`;
}

/**
 * The table into which the orders of a shop are written, in a transaction that stores some. All else
 * reads, changes and deletes them through `orders`, from which the tables of large shops inherit.
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

/** To a shop that has no orders, while nobody stores any. Its orders are found by customer later. */
export async function giveOwnTable(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  const table = ownTable(shop);
  // The check lets the planner pass over the table when it looks for another shop's orders. The
  // autovacuum has nothing to do before all are there, and would be waited for then.
  await client.query(
    `create table if not exists ${table} (
       primary key (shop, order_id), check (shop = ${client.escapeLiteral(shop)})
     ) inherits (orders) with (autovacuum_enabled = off)`,
  );
}

/** Makes the shop's own table, if it has one and that was not done, as quick to look into as the shared. */
export async function indexOwnTable(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    const table = await tableOfOrders(client, shop);
    if (table === SHARED) return;
    const index = `${table}_customer_idx`;
    // Making an index waits for all who write, even if it is there.
    if (await exists(client, index)) return;
    await client.query("set local maintenance_work_mem = '256MB'");
    await client.query(`create index ${index} on ${table} (customer_id)`);
    await client.query(`alter table ${table} reset (autovacuum_enabled)`);
    await client.query(`analyze ${table}`);
  });
}

/**
 * Removes the shop's own table, with whatever is in it.
 *
 * @throws pg.DatabaseError lock_not_available when somebody is reading orders for long; try again
 */
export async function dropOwnTable(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
  await client.query(`drop table if exists ${ownTable(shop)}`);
  await client.query("set local lock_timeout = default");
}
