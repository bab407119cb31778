import { HttpResponseError } from "@shopify/shopify-api";
import type pg from "pg";

import { inTransaction, pool } from "#app/db.server.ts";
import { AppError } from "#app/errors.ts";
import type { ShopDomain } from "#app/ids.ts";

import { api } from "./api.server.ts";
import { readToken, saveToken, type StoredToken } from "./stored-token.server.ts";

/** A token with less life than this is renewed before it is used. */
const RENEW_WITHIN_MS = 5 * 60_000;

/** Refusals (RFC 6749, 5.2) that say nothing about the refresh token. */
const OUR_MISTAKES = new Set<unknown>([
  "invalid_client",
  "invalid_request",
  "unauthorized_client",
  "unsupported_grant_type",
]);

/** Renewals that this process waits for: one connection for all callers of a shop. */
const renewals = new Map<ShopDomain, Promise<string>>();

/**
 * The shop's offline token, renewed when it is about to expire.
 *
 * @param rejected a token that Shopify has just refused: the one returned is another
 * @throws AppError shopify-unauthorized when there is none and none can be had without the merchant
 */
export async function accessToken(shop: ShopDomain, rejected?: string): Promise<string> {
  const stored = await readToken(pool, shop);
  if (stored === undefined) throw unauthorized(shop, "there is no session for it");
  if (isFresh(stored, rejected)) return stored.accessToken;
  const others = renewals.get(shop);
  if (others !== undefined) {
    const renewed = await others;
    if (renewed !== rejected) return renewed;
  }
  const renewal = renewOnce(shop, rejected).finally(() => renewals.delete(shop));
  renewals.set(shop, renewal);
  return renewal;
}

/** A refresh token is good for one use, so that two processes must not both spend it. */
function renewOnce(shop: ShopDomain, rejected: string | undefined): Promise<string> {
  return inTransaction(async (client) => {
    await client.query("select pg_advisory_xact_lock(hashtextextended('token:' || $1, 0))", [shop]);
    const current = await readToken(client, shop);
    if (current === undefined) throw unauthorized(shop, "there is no session for it");
    return isFresh(current, rejected) ? current.accessToken : renew(client, shop, current);
  });
}

function isFresh(token: StoredToken, rejected: string | undefined): boolean {
  if (token.accessToken === rejected) return false;
  return token.expiresAt === null || token.expiresAt - Date.now() > RENEW_WITHIN_MS;
}

/**
 * When we die between Shopify's answer and the commit, the stored refresh token is still good: Shopify
 * keeps it until the pair it brought is first used, and that pair is handed out after the commit only.
 */
async function renew(
  client: pg.PoolClient,
  shop: ShopDomain,
  { refreshToken }: StoredToken,
): Promise<string> {
  if (refreshToken === null) throw unauthorized(shop, "its token cannot be renewed");
  const { session } = await api.auth.refreshToken({ shop, refreshToken }).catch((error) => {
    throw renewalError(shop, error);
  });
  const { accessToken } = session;
  if (accessToken === undefined) throw unauthorized(shop, "the reply had no token");
  await saveToken(client, shop, Object.assign(session, { accessToken }));
  return accessToken;
}

/**
 * Only Shopify's word that the refresh token itself is no longer good ends the access. Anything else
 * may pass: that our own secret is wrong is the operator's mistake, and must not cost every shop its
 * session.
 */
function renewalError(shop: ShopDomain, cause: unknown): AppError {
  const response = cause instanceof HttpResponseError ? cause.response : undefined;
  const status = response?.code;
  if (status === 400 && !OUR_MISTAKES.has(response?.body?.error)) {
    return unauthorized(shop, "Shopify answered 400 to the renewal of its token", cause);
  }
  if (status === 402 || status === 404 || status === 423) {
    const message = `The token of ${shop} could not be renewed: Shopify answered ${status}`;
    return new AppError("shopify-shop-unavailable", message, { retryable: false, cause });
  }
  const found = status === undefined ? "no answer" : `Shopify answered ${status}`;
  return new AppError(
    "shopify-unreachable",
    `The token of ${shop} could not be renewed: ${found}`,
    {
      retryable: true,
      cause,
    },
  );
}

/** Forgets a session that Shopify no longer accepts; opening the app makes a new one. */
export async function forgetToken(shop: ShopDomain, rejected: string): Promise<void> {
  const stored = await readToken(pool, shop);
  if (stored?.accessToken !== rejected) return;
  await pool.query("delete from sessions where id = $1 and access_token = $2", [
    api.session.getOfflineId(shop),
    stored.sealed,
  ]);
}

export function unauthorized(shop: ShopDomain, found: string, cause?: unknown): AppError {
  return new AppError(
    "shopify-unauthorized",
    `No access to ${shop}: ${found}. The merchant opens the app once to give it again`,
    { retryable: false, cause },
  );
}
