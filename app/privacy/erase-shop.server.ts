import { inTransaction, pool } from "#app/db.server.ts";
import type { ShopDomain } from "#app/ids.ts";
import { log } from "#app/log.server.ts";
import { dropOwnTable } from "#app/orders/own-table.server.ts";

import { heldTables, type HeldTable } from "./tables.ts";

/** Rows removed in one transaction: a shop of a million customers has tens of millions. */
const ROWS_AT_ONCE = 20_000;

/** Larger than what outlives an installation, and without meaning after it. */
const ofInstallation = heldTables.filter(({ outlives }) => outlives !== true);
const outliving = heldTables.filter(({ outlives }) => outlives === true);

/**
 * Erases everything of a shop that has no installation, in every table and the queue. May be stopped
 * at any point and called again; when the app is installed again meanwhile, it ends early.
 *
 * @returns false when the shop is installed, or about to be
 */
export async function eraseShop(shop: ShopDomain, signal?: AbortSignal): Promise<boolean> {
  for (const { table } of ofInstallation) {
    if (!(await emptied(shop, table, signal))) return false;
  }
  return inTransaction(async (client) => {
    const { rows } = await client.query<{ ended: boolean }>(
      `select uninstalled_at is not null as ended from shops where shop = $1 for update`,
      [shop],
    );
    if (rows[0]?.ended === false) return false;
    // A session that lives without an installation: the merchant is opening the app at this moment.
    const opening = await client.query(
      `select 1 from sessions
        where shop = $1 and coalesce(expires > now() at time zone 'UTC', true)`,
      [shop],
    );
    if (opening.rowCount !== 0) return false;
    await dropOwnTable(client, shop);
    for (const { table } of [...ofInstallation, ...outliving]) {
      await client.query(`delete from ${table} where shop = $1`, [shop]);
    }
    await client.query("delete from pgboss.job where data->>'shop' = $1", [shop]);
    log.info({ shop }, "erased a shop");
    return true;
  });
}

/** Removes the rows of one table while the shop has no installation. @returns false when it has */
async function emptied(
  shop: ShopDomain,
  table: HeldTable["table"],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (;;) {
    signal?.throwIfAborted();
    const installed = await pool.query(
      "select 1 from shops where shop = $1 and uninstalled_at is null",
      [shop],
    );
    if (installed.rowCount !== 0) return false;
    if ((await removeSome(shop, table)) < ROWS_AT_ONCE) return true;
  }
}

/**
 * Erases what an earlier installation left, before the new one begins: the import is asked for at
 * the end, together with the note that nothing is left. Called again it goes on.
 */
export async function eraseLeftovers(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  for (const { table } of ofInstallation) {
    do signal?.throwIfAborted();
    while ((await removeSome(shop, table)) === ROWS_AT_ONCE);
  }
  await inTransaction((client) => dropOwnTable(client, shop));
  log.info({ shop }, "erased what an earlier installation left");
}

async function removeSome(shop: ShopDomain, table: string): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from ${table} where shop = $1 and ctid = any(array(
       select ctid from ${table} where shop = $1 limit ${String(ROWS_AT_ONCE)}))`,
    [shop],
  );
  return rowCount ?? 0;
}
