import { createHash } from "node:crypto";

import type pg from "pg";

import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { dropOwnTable } from "#app/orders/store/own-table.server.ts";
import { type HeldTable, heldTables } from "#app/privacy/tables.ts";
import { deleteJobs } from "#app/queue/job-table.server.ts";
import { inGrace } from "#app/shop/grace.ts";

/** Rows deleted in one transaction: a shop of a million customers has tens of millions. */
const ROWS_AT_ONCE = 20_000;

/** Tables whose rows have no meaning after the installation; the large ones are among them. */
const ofInstallation = heldTables.filter(({ outlives }) => outlives !== true);
const outliving = heldTables.filter(({ outlives }) => outlives === true);

/** Why a shop is erased; kept in the record of the erasure. */
export type ErasureReason = {
  askedBy: "shop/redact" | "time" | "installed-again";
  askedAt?: Date;
};

/**
 * Whether a shop may be erased: its departure was confirmed, the days of grace are over, and the
 * app is not being opened. A shop that was never installed may be erased too: only the request is
 * stored of it.
 *
 * @param asked Shopify asked for the erasure
 * @param unaskedDays days after which it is erased without a request
 */
export async function isErasable(
  shop: ShopDomain,
  { asked, unaskedDays }: { asked: boolean; unaskedDays: number },
): Promise<boolean> {
  if (!(await hasLeft(pool, shop))) return false;
  if (asked) return true;
  const { rowCount } = await pool.query(
    `select 1 from shops
      where shop = $1 and uninstalled_at < now() - make_interval(days => $2)`,
    [shop, unaskedDays],
  );
  return rowCount !== 0;
}

/**
 * SQL condition, with the shop as $1. A live session means that a merchant is opening the app right
 * now.
 */
const HAS_LEFT = `where not exists (
    select 1 from shops s where s.shop = $1 and (s.uninstalled_at is null or ${inGrace("s")}))
  and not exists (
    select 1 from sessions t
     where t.shop = $1 and coalesce(t.expires > now() at time zone 'UTC', true))`;

async function hasLeft(connection: pg.Pool | pg.PoolClient, shop: ShopDomain): Promise<boolean> {
  return (await connection.query(`select 1 ${HAS_LEFT}`, [shop])).rowCount !== 0;
}

/**
 * Erases everything of a shop that has left, in all tables and the queue, and records why. May be
 * stopped at any point and called again; it ends early when the app is opened again.
 *
 * @returns false when the shop has not left, or is coming back
 */
export async function eraseShop(
  shop: ShopDomain,
  why: ErasureReason,
  signal?: AbortSignal,
): Promise<boolean> {
  await recordErasure(shop, why);
  for (const { table } of ofInstallation) {
    if (!(await emptyTable(shop, table, signal))) return false;
  }
  return inTransaction(async (client) => {
    await client.query("select 1 from shops where shop = $1 for update", [shop]);
    if (!(await hasLeft(client, shop))) return false;
    await dropOwnTable(client, shop);
    for (const { table } of [...ofInstallation, ...outliving]) {
      await client.query(`delete from ${table} where shop = $1`, [shop]);
    }
    await deleteJobs(client, shop);
    await finishErasure(client, shop);
    log.warn({ shop, ...why }, "erased a shop");
    return true;
  });
}

/** Identifies an erased shop in `shop_erasures` without storing its domain. */
export function shopDigest(shop: ShopDomain): Buffer {
  return createHash("sha256").update(shop).digest();
}

/** Called before the first row is deleted; a resumed erasure has its record already. */
async function recordErasure(shop: ShopDomain, { askedBy, askedAt }: ErasureReason): Promise<void> {
  await pool.query(
    `insert into shop_erasures (shop_digest, asked_by, asked_at, uninstalled_at, evidence)
     select $2, $3, $4, uninstalled_at, departure_evidence from shops
      where shop = $1 and not exists (
        select 1 from shop_erasures where shop_digest = $2 and finished_at is null)`,
    [shop, shopDigest(shop), askedBy, askedAt ?? null],
  );
}

async function finishErasure(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query(
    "update shop_erasures set finished_at = now() where shop_digest = $1 and finished_at is null",
    [shopDigest(shop)],
  );
}

/**
 * Deletes the rows of one table.
 * @returns false, and stops, when the shop is no longer one that has left
 */
async function emptyTable(
  shop: ShopDomain,
  table: HeldTable["table"],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (;;) {
    signal?.throwIfAborted();
    if (!(await hasLeft(pool, shop))) return false;
    const rows = await removeSome(shop, table, `and exists (select 1 ${HAS_LEFT})`);
    if (rows < ROWS_AT_ONCE) return true;
  }
}

/**
 * Erases what an earlier installation left, before a new one begins. May be stopped and called
 * again.
 */
export async function eraseLeftovers(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  await recordErasure(shop, { askedBy: "installed-again" });
  for (const { table } of ofInstallation) {
    do signal?.throwIfAborted();
    while ((await removeSome(shop, table)) === ROWS_AT_ONCE);
  }
  await inTransaction(async (client) => {
    await dropOwnTable(client, shop);
    await finishErasure(client, shop);
  });
  log.info({ shop }, "erased what an earlier installation left");
}

/** @param condition additional SQL condition, checked in the same statement */
async function removeSome(shop: ShopDomain, table: string, condition = ""): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from ${table} where shop = $1 and ctid = any(array(
       select ctid from ${table} where shop = $1 limit ${String(ROWS_AT_ONCE)})) ${condition}`,
    [shop],
  );
  return rowCount ?? 0;
}
