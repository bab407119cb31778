import type { Session } from "@shopify/shopify-api";
import type pg from "pg";

import { env } from "#app/env.server.ts";
import { AppError } from "#app/errors.ts";
import type { ShopDomain } from "#app/ids.ts";

import { api } from "./api.server.ts";
import { sealToken, unsealToken, type TokenPlace } from "./token-seal.ts";

/** A shop's offline token as it is kept in `sessions`. */
export type StoredToken = {
  accessToken: string;
  refreshToken: string | null;
  /** Milliseconds since 1970; null for a token that does not expire. */
  expiresAt: number | null;
  /** The access token as it is written in the table: it tells whether the row is still the same. */
  sealed: string;
};

/** What Shopify answered to a renewal. */
export type RenewedToken = Session & { accessToken: string };

type Row = { sealed: string; refresh: string | null; expiresAt: number | null };

/** Seals with the current key. */
export function seal(token: string, place: TokenPlace): string {
  const [current] = env.TOKEN_KEYS;
  if (current === undefined) throw new Error("TOKEN_KEYS has no key");
  return sealToken(token, place, current);
}

/**
 * Opens what {@link seal} wrote, or a plain token of before.
 *
 * @throws AppError retryable, naming the key: giving it makes the token readable
 */
export function unseal(stored: string, place: TokenPlace): string {
  const opened = unsealToken(stored, place, env.TOKEN_KEYS);
  if (opened.kind === "token") return opened.token;
  const found =
    opened.kind === "key-missing"
      ? `is sealed with key ${opened.keyId}, which TOKEN_KEYS does not give`
      : `does not open with key ${opened.keyId}: it was changed, or the key was`;
  throw new AppError("shopify-unauthorized", `The ${place.column} of ${place.shop} ${found}`, {
    retryable: true,
  });
}

export function places(shop: string, sessionId: string): Record<"access" | "refresh", TokenPlace> {
  return {
    access: { shop, sessionId, column: "access_token" },
    refresh: { shop, sessionId, column: "refresh_token" },
  };
}

/** @returns undefined when the shop has no session */
export async function readToken(
  connection: pg.Pool | pg.PoolClient,
  shop: ShopDomain,
): Promise<StoredToken | undefined> {
  const sessionId = api.session.getOfflineId(shop);
  // The library keeps UTC in columns without a time zone.
  const { rows } = await connection.query<Row>(
    `select access_token as sealed, refresh_token as refresh,
            (extract(epoch from expires at time zone 'UTC') * 1000)::float8 as "expiresAt"
       from sessions where id = $1`,
    [sessionId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const place = places(shop, sessionId);
  return {
    accessToken: unseal(row.sealed, place.access),
    refreshToken: row.refresh === null ? null : unseal(row.refresh, place.refresh),
    expiresAt: row.expiresAt,
    sealed: row.sealed,
  };
}

/** Keeps a renewed pair in place of the one before. */
export async function saveToken(
  client: pg.PoolClient,
  shop: ShopDomain,
  renewed: RenewedToken,
): Promise<void> {
  const sessionId = api.session.getOfflineId(shop);
  const place = places(shop, sessionId);
  const { accessToken, refreshToken, scope, expires, refreshTokenExpires } = renewed;
  await client.query(
    `update sessions set access_token = $2, refresh_token = $3, scope = $4,
            expires = $5::timestamptz at time zone 'UTC',
            refresh_token_expires = $6::timestamptz at time zone 'UTC'
      where id = $1`,
    [
      sessionId,
      seal(accessToken, place.access),
      refreshToken === undefined ? null : seal(refreshToken, place.refresh),
      scope ?? null,
      expires ?? null,
      refreshTokenExpires ?? null,
    ],
  );
}
