import { createHash } from "node:crypto";

import type pg from "pg";

import { inTransaction, pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { deleteJobs } from "#app/queue/job-table.server.ts";
import { dropOwnTable } from "#app/orders/store/own-table.server.ts";
import { inGrace } from "#app/shop/grace.ts";

import { heldTables, type HeldTable } from "#app/privacy/tables.ts";

/** Rows removed in one transaction: a shop of a million customers has tens of millions. */
const ROWS_AT_ONCE = 20_000;

/** Larger than what outlives an installation, and without meaning after it. */
const ofInstallation = heldTables.filter(({ outlives }) => outlives !== true);
const outliving = heldTables.filter(({ outlives }) => outlives === true);

/** Why a shop is erased; kept beyond it. */
export type ErasureReason = {
  askedBy: "shop/redact" | "time" | "installed-again";
  askedAt?: Date;
};

/**
 * Whether a shop may be erased: it has left on evidence, the days of grace are over, and nobody is
 * opening the app. A shop that was never here may be as well: nothing is kept of it but the request.
 *
 * @param asked Shopify asked for it
 * @param unaskedDays days after which it is done all the same
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
 * SQL, with the shop as $1. Also no session that lives: it would be a merchant's who is opening the app
 * at this moment.
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
 * Erases everything of a shop that has left, in every table and the queue, and records why. May be
 * stopped at any point and called again; when the app is opened again meanwhile, it ends early.
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
    if (!(await emptied(shop, table, signal))) return false;
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

/** By this a shop that was erased is found in `shop_erasures`, by whoever knows its domain. */
export function shopDigest(shop: ShopDomain): Buffer {
  return createHash("sha256").update(shop).digest();
}

/** Before the first row goes; one that is gone on with has its record. */
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

/** Removes the rows of one table while the shop has left. @returns false when it has not */
async function emptied(
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
 * Erases what an earlier installation left, before the new one begins: the import is asked for at
 * the end, together with the note that nothing is left. Called again it goes on.
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

/** @param condition SQL that has to hold as well, in the same statement */
async function removeSome(shop: ShopDomain, table: string, condition = ""): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from ${table} where shop = $1 and ctid = any(array(
       select ctid from ${table} where shop = $1 limit ${String(ROWS_AT_ONCE)})) ${condition}`,
    [shop],
  );
  return rowCount ?? 0;
}
