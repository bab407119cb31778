import type pg from "pg";

import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { deleteWaitingJobs } from "#app/queue/job-table.server.ts";

/**
 * What confirmed a departure: Shopify refused the newest access token, which could not be renewed,
 * or the newest refresh token; access was lost by such a refusal before the webhook came; or the
 * operator confirmed it, with a reason.
 */
export type DepartureEvidence =
  "access-token-refused" | "refresh-token-refused" | "access-lost" | `operator: ${string}`;

/**
 * Ends the installation in the caller's transaction. Deletes the session, which is invalid, and
 * waiting jobs; running tasks are stopped by their worker. Everything else stays for the days of
 * grace, in which opening a page reverts this. Privacy requests are still handled.
 *
 * @returns false when the shop has no installation
 */
export async function endInstallation(
  client: pg.PoolClient,
  shop: ShopDomain,
  evidence: DepartureEvidence,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update shops set uninstalled_at = now(), departure_evidence = $2, access_lost_at = null,
            access_lost_code = null, stopped_tasks = '{}'
      where shop = $1 and uninstalled_at is null`,
    [shop, evidence],
  );
  if (rowCount === 0) return false;
  await client.query("delete from sessions where shop = $1", [shop]);
  await deleteWaitingJobs(client, shop);
  log.warn({ shop, evidence }, "the app was removed");
  return true;
}
