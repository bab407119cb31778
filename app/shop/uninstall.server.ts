import type pg from "pg";

import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { deleteWaitingJobs } from "#app/queue/job-table.server.ts";

/**
 * By what it was confirmed that a shop removed the app: Shopify refused its newest access token and
 * could not be asked for another, refused the newest refresh token, or had refused it before the news
 * of the removal came; or a person has looked, in whose words.
 */
export type DepartureEvidence =
  "access-token-refused" | "refresh-token-refused" | "access-lost" | `operator: ${string}`;

/**
 * Ends the installation in the caller's transaction, on evidence: its session, which is void, and its
 * waiting work go; what runs is stopped by its worker. All else stays for the days of grace, in which
 * a page that is opened takes this back. Privacy requests stay, and are done all the same.
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
