import type pg from "pg";

import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { api } from "#app/shopify/library.server.ts";

/** How a shop's access was lost. Only the merchant can restore it, by opening the app. */
export type AccessLoss =
  /** There is no session. */
  | "no-session"
  /** Shopify refused a token that it had just renewed. */
  | "refused"
  /** The token has expired or was refused, and came without a refresh token. */
  | "not-renewable"
  /** Shopify refused the refresh token: it was revoked, or replaced by another pair. */
  | "not-renewed"
  /** The refresh token has expired: it was not used for 90 days. */
  | "expired";

/** Losses by a refusal of Shopify, as opposed to our clock or a missing token. */
export const refusals: readonly AccessLoss[] = ["refused", "not-renewed"];

const found: Record<AccessLoss, string> = {
  "no-session": "there is no session for it",
  refused: "Shopify refused its renewed token",
  "not-renewable": "its token cannot be renewed",
  "not-renewed": "Shopify refused to renew its token",
  expired: "its token was not used for 90 days",
};

/**
 * Records lost access and deletes the session that no longer works; the shop's work stops until
 * there is another. Does nothing when another session is stored already.
 *
 * @param sealed the access token as stored; null when there was no session
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
    `No access to ${shop}: ${found[loss]}. The merchant must open the app once to restore it`,
    { retryable: false },
  );
}
