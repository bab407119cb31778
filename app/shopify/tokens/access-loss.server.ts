import type pg from "pg";

import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";

import { api } from "#app/shopify/library.server.ts";

/** How a shop's access came to an end. Only the merchant can give it again, by opening the app. */
export type AccessLoss =
  /** There is no session. */
  | "no-session"
  /** Shopify refused a token that it had just renewed. */
  | "refused"
  /** The token has expired or was refused, and came without a refresh token. */
  | "not-renewable"
  /** Shopify refused the refresh token: it was revoked, or replaced by another pair. */
  | "not-renewed"
  /** The refresh token was not used for 90 days. */
  | "expired";

/** Losses that are Shopify's own word about the newest token that there was, and not our clock's. */
export const refusals: readonly AccessLoss[] = ["refused", "not-renewed"];

const found: Record<AccessLoss, string> = {
  "no-session": "there is no session for it",
  refused: "Shopify refused its renewed token",
  "not-renewable": "its token cannot be renewed",
  "not-renewed": "Shopify refused to renew its token",
  expired: "its token was not used for 90 days",
};

/**
 * Records that a shop's access is lost, and forgets the session that no longer works; work for the
 * shop stops until there is another. Nothing happens when there is another already.
 *
 * @param sealed the access token as it stood in the table; null when there was no session
 */
export async function loseAccess(
  connection: pg.Pool | pg.PoolClient,
  shop: ShopDomain,
  { loss, sealed }: { loss: AccessLoss; sealed: string | null },
): Promise<void> {
  const { rowCount } = await connection.query(
    `with gone as (
       delete from sessions where id = $2 and access_token = $3 returning id
     )
     update shops set access_lost_at = now(), access_lost_code = $4
      where shop = $1 and uninstalled_at is null and access_lost_at is null
        and not exists (
          select 1 from sessions where id = $2 and id not in (select id from gone))`,
    [shop, api.session.getOfflineId(shop), sealed, loss],
  );
  if (rowCount !== 0) log.warn({ shop, loss }, "access lost");
}

export function unauthorized(shop: ShopDomain, loss: AccessLoss): AppError {
  return new AppError(
    "shopify-unauthorized",
    `No access to ${shop}: ${found[loss]}. The merchant opens the app once to give it again`,
    { retryable: false },
  );
}
