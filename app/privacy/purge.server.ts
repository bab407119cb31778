import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

import { LOST_BATCH_DAYS, type Period, periods } from "./retention-periods.ts";

const ROWS_AT_ONCE = 10_000;
/** A webhook may arrive before its shop is known. */
const STRAY_HOURS = 24;

/** Deletes rows whose retention period is over, some at a time. May be stopped and called again. */
export async function runPurge(shop: ShopDomain, signal?: AbortSignal): Promise<void> {
  let removed = 0;
  for (const period of periods) {
    for (;;) {
      signal?.throwIfAborted();
      const rows = await removeSome(shop, period);
      removed += rows;
      if (rows < ROWS_AT_ONCE) break;
    }
  }
  await forgetLostBatches(shop);
  await pool.query("update shops set purged_at = now() where shop = $1", [shop]);
  log.info({ shop, removed }, "purged old rows");
}

async function removeSome(shop: ShopDomain, { table, days, since }: Period): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from ${table} where ctid = any(array(
       select ctid from ${table}
        where shop = $1 and ${since} < now() - make_interval(days => $2) ${newest(table)}
        limit ${String(ROWS_AT_ONCE)}))`,
    [shop, days],
  );
  return rowCount ?? 0;
}

/** Keeps the last finished import, which shows that the shop's orders are stored. */
function newest(table: string): string {
  if (table !== "order_imports") return "";
  return `and id is distinct from (select id from order_imports
                      where shop = $1 and state = 'done' order by finished_at desc limit 1)`;
}

async function forgetLostBatches(shop: ShopDomain): Promise<void> {
  await pool.query(
    `update write_batches set state = 'lost', lines = null, finished_at = now()
      where shop = $1 and lines is not null
        and created_at < now() - make_interval(days => $2)`,
    [shop, LOST_BATCH_DAYS],
  );
}

/** Deletes webhooks of unknown shops, except unhandled erasure requests. */
export async function removeStrayWebhooks(): Promise<void> {
  await pool.query(
    `delete from webhook_inbox where ctid = any(array(
       select ctid from webhook_inbox w
        where received_at < now() - make_interval(hours => $1)
          and (handled_at is not null or topic not in ('customers/redact', 'shop/redact'))
          and not exists (select 1 from shops s where s.shop = w.shop) limit $2))`,
    [STRAY_HOURS, ROWS_AT_ONCE],
  );
}
