import type pg from "pg";

import type { ShopDomain } from "#app/lib/ids.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { isWritingAgreed, isWritingOn } from "#app/shop/writing-agreement.server.ts";

/** Enqueues a write if there are scores and writing is on. One that is paused follows the pause. */
export async function enqueueWrite(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  if (!(await isWritingOn(shop, client)) || !(await hasScores(client, shop))) return;
  await enqueue("writeback.push", { shop }, { client });
}

/** Whether the merchant agreed to writing and there are scores. */
export async function isWriteDue(client: pg.PoolClient, shop: ShopDomain): Promise<boolean> {
  return (await isWritingAgreed(shop, client)) && hasScores(client, shop);
}

/** Whether the shop has scores: it has none before the first scoring, and where the gate refused. */
export async function hasScores(client: pg.PoolClient, shop: ShopDomain): Promise<boolean> {
  const { rowCount } = await client.query("select 1 from scores where shop = $1 limit 1", [shop]);
  return rowCount !== 0;
}
