import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { mayEnqueue } from "#app/queue/failed-jobs.server.ts";
import { enqueue } from "#app/queue/queue.server.ts";
import { isWritingOn } from "#app/shop/writing-agreement.server.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";

import { checkSegment } from "./check-segment.server.ts";
import { targetOfKey } from "./target.ts";

const DUE = "segment_id is not null and check_at <= now()";

/**
 * Checks the segments of the shop that are due. May be stopped and called again.
 *
 * @throws AppError when Shopify cannot be used
 */
export async function runSegmentChecks(shop: ShopDomain, signal: AbortSignal): Promise<void> {
  if (!(await isWritingOn(shop))) return;
  const { rows } = await pool.query<{ target_key: string }>(
    `select target_key from target_segments where shop = $1 and ${DUE} order by check_at`,
    [shop],
  );
  for (const { target_key: key } of rows) {
    signal.throwIfAborted();
    const target = targetOfKey(key);
    if (!target) throw new Error(`${key} is no target`);
    await checkSegment(adminClient(shop), target, { signal });
  }
}

/**
 * Enqueues the checks of shops with a due segment, unless the task is queued or backing off. While
 * writing is paused, segments differ from the scores as they should.
 */
export async function enqueueSegmentChecks(): Promise<void> {
  const { rows } = await pool.query<{ shop: ShopDomain }>(
    `select s.shop from shops s
      where s.uninstalled_at is null and s.access_lost_at is null
        and s.writing_agreed_at is not null and s.writing_paused_at is null
        and exists (select 1 from target_segments t where t.shop = s.shop and ${DUE})
        and ${mayEnqueue("segments.check", "s.shop")}`,
  );
  for (const { shop } of rows) await enqueue("segments.check", { shop });
}
