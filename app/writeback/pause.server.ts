import type pg from "pg";

import { inTransaction } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { forgetProgress, showWaiting } from "#app/queue/progress.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { hasScores } from "#app/scoring/run/enqueue-write.server.ts";

/**
 * Pauses writing for the merchant. A write that runs stops within a second or two; what Shopify has
 * accepted by then it carries out. Does nothing before the agreement, and keeps the time of an
 * earlier pause.
 */
export async function pauseWriting(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    const { rowCount } = await client.query(
      `update shops set writing_paused_at = now()
        where shop = $1 and writing_agreed_at is not null and writing_paused_at is null`,
      [shop],
    );
    if (rowCount === 0) return;
    await forgetPlan(client, shop);
    log.info({ shop }, "the merchant paused writing");
  });
}

/** Ends the pause, and enqueues the write of everything that has changed since. */
export async function resumeWriting(shop: ShopDomain): Promise<void> {
  await inTransaction(async (client) => {
    const { rowCount } = await client.query(
      `update shops set writing_paused_at = null
        where shop = $1 and writing_paused_at is not null`,
      [shop],
    );
    if (rowCount === 0) return;
    await forgetPlan(client, shop);
    if (await hasScores(client, shop)) await showWaiting(client, shop, { task: "write" });
    await enqueue("writeback.push", { shop }, { client, soon: true });
    log.info({ shop }, "the merchant resumed writing");
  });
}

/**
 * Ends a write that may not go on. Its progress is forgotten, unless writing was resumed meanwhile:
 * then it shows the write that is waiting.
 */
export async function stopWriting(shop: ShopDomain): Promise<{ kind: "not-agreed" | "paused" }> {
  return inTransaction(async (client) => {
    const { rows } = await client.query<{ agreed: boolean; paused: boolean }>(
      `select writing_agreed_at is not null as agreed, writing_paused_at is not null as paused
         from shops where shop = $1 for share`,
      [shop],
    );
    const { agreed = false, paused = false } = rows[0] ?? {};
    if (!agreed || paused) await forgetProgress(shop, "write", client);
    // What was written before the stop is no longer in the plan.
    if (paused) await forgetPlan(client, shop);
    return { kind: agreed ? "paused" : "not-agreed" };
  });
}

async function forgetPlan(client: pg.PoolClient, shop: ShopDomain): Promise<void> {
  await client.query(
    "update scoring_runs set write_plan = null where shop = $1 and write_plan is not null",
    [shop],
  );
}
