import { pool } from "#app/lib/db.server.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

/** Whether the webhook that announces the end of the bulk operation has come. */
export async function wasAnnounced(shop: ShopDomain, operationId: string): Promise<boolean> {
  const result = await pool.query(
    `select 1 from webhook_inbox
      where shop = $1 and topic = 'bulk_operations/finish' and resource_id = $2 limit 1`,
    [shop, operationId],
  );
  return result.rowCount !== 0;
}
