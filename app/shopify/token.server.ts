import { HttpResponseError } from "@shopify/shopify-api";
import type pg from "pg";

import { inTransaction, pool } from "#app/db.server.ts";
import { AppError } from "#app/errors.ts";
import type { ShopDomain } from "#app/ids.ts";

import { api } from "./api.server.ts";

/** A token with less life than this is renewed before it is used. */
const RENEW_WITHIN_MS = 5 * 60_000;

type StoredToken = {
  accessToken: string;
  refreshToken: string | null;
  /** Milliseconds since 1970; null for a token that does not expire. */
  expiresAt: number | null;
};

/**
 * The shop's offline token, renewed when it is about to expire.
 *
 * @param rejected a token that Shopify has just refused: the one returned is another
 * @throws AppError shopify-unauthorized when there is none and none can be had without the merchant
 */
export async function accessToken(shop: ShopDomain, rejected?: string): Promise<string> {
  const stored = await read(pool, shop);
  if (stored === undefined) throw unauthorized(shop, "there is no session for it");
  if (isFresh(stored, rejected)) return stored.accessToken;
  // A refresh token is good for one use, so that two processes must not both spend it.
  return inTransaction(async (client) => {
    await client.query("select pg_advisory_xact_lock(hashtextextended('token:' || $1, 0))", [shop]);
    const current = await read(client, shop);
    if (current === undefined) throw unauthorized(shop, "there is no session for it");
    return isFresh(current, rejected) ? current.accessToken : renew(client, shop, current);
  });
}

function isFresh(token: StoredToken, rejected: string | undefined): boolean {
  if (token.accessToken === rejected) return false;
  return token.expiresAt === null || token.expiresAt - Date.now() > RENEW_WITHIN_MS;
}

async function read(
  connection: pg.Pool | pg.PoolClient,
  shop: ShopDomain,
): Promise<StoredToken | undefined> {
  // The library keeps UTC in columns without a time zone.
  const result = await connection.query<StoredToken>(
    `select access_token as "accessToken", refresh_token as "refreshToken",
            (extract(epoch from expires at time zone 'UTC') * 1000)::float8 as "expiresAt"
       from sessions where id = $1`,
    [api.session.getOfflineId(shop)],
  );
  return result.rows[0];
}

async function renew(
  client: pg.PoolClient,
  shop: ShopDomain,
  current: StoredToken,
): Promise<string> {
  if (current.refreshToken === null) throw unauthorized(shop, "its token cannot be renewed");
  try {
    const { session } = await api.auth.refreshToken({ shop, refreshToken: current.refreshToken });
    if (session.accessToken === undefined) throw unauthorized(shop, "the reply had no token");
    await client.query(
      `update sessions set access_token = $2, refresh_token = $3, scope = $4,
              expires = $5::timestamptz at time zone 'UTC',
              refresh_token_expires = $6::timestamptz at time zone 'UTC'
        where id = $1`,
      [
        api.session.getOfflineId(shop),
        session.accessToken,
        session.refreshToken ?? null,
        session.scope ?? null,
        session.expires ?? null,
        session.refreshTokenExpires ?? null,
      ],
    );
    return session.accessToken;
  } catch (error) {
    throw renewalError(shop, error);
  }
}

function renewalError(shop: ShopDomain, cause: unknown): unknown {
  if (cause instanceof AppError) return cause;
  const status = cause instanceof HttpResponseError ? cause.response.code : undefined;
  if (status !== undefined && status >= 400 && status < 500 && status !== 429) {
    return unauthorized(shop, `Shopify answered ${status} to the renewal of its token`, cause);
  }
  return new AppError("shopify-unreachable", `The token of ${shop} could not be renewed`, {
    retryable: true,
    cause,
  });
}

/** Forgets a session that Shopify no longer accepts; opening the app makes a new one. */
export async function forgetToken(shop: ShopDomain, rejected: string): Promise<void> {
  await pool.query("delete from sessions where id = $1 and access_token = $2", [
    api.session.getOfflineId(shop),
    rejected,
  ]);
}

export function unauthorized(shop: ShopDomain, found: string, cause?: unknown): AppError {
  return new AppError(
    "shopify-unauthorized",
    `No access to ${shop}: ${found}. The merchant opens the app once to give it again`,
    { retryable: false, cause },
  );
}
