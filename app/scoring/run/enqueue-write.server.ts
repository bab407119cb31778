import type pg from "pg";

import type { ShopDomain } from "#app/lib/ids.ts";
import { enqueue } from "#app/queue/queue.server.ts";

/** Asks for a write, when there is something to write and the merchant has agreed to it. */
export async function askForWrite(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  if (await isAgreed(client, shop)) await enqueue("writeback.push", { shop }, { client });
}

/** Whether scores are there, and the merchant has agreed to their being written. */
export async function isAgreed(client: pg.PoolClient, shop: ShopDomain): Promise<boolean> {
  const { rows } = await client.query<{ agreed: boolean }>(
    `SELECT writing_agreed_at IS NOT NULL AND EXISTS (SELECT 1 FROM scores WHERE shop = $1)
            AS agreed FROM shops WHERE shop = $1`,
    [shop],
  );
  return rows[0]?.agreed ?? false;
}
