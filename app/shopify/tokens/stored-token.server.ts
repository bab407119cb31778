import type { Session } from "@shopify/shopify-api";
import type pg from "pg";

import { env } from "#app/lib/env.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { api } from "#app/shopify/library.server.ts";

import { sealToken, type TokenPlace, unsealToken } from "./token-seal.ts";

/** A shop's offline token in `sessions`. */
export type StoredToken = {
  accessToken: string;
  refreshToken: string | null;
  /** Milliseconds since 1970; null for a token that does not expire. */
  expiresAt: number | null;
  /** The same for the refresh token; null when unknown. */
  refreshExpiresAt: number | null;
  /** The access token as stored, to detect a change of the row. */
  sealed: string;
};

/** The reply to a renewal or an exchange. */
export type IssuedToken = Session & { accessToken: string };

type Row = Pick<StoredToken, "sealed" | "expiresAt" | "refreshExpiresAt"> & {
  refresh: string | null;
};

/** @throws Error when the reply had no token */
export function issued(session: Session): IssuedToken {
  const { accessToken: token } = session;
  if (token === undefined) throw new Error("the reply had no token");
  return Object.assign(session, { accessToken: token });
}

/** Seals with the current key. */
export function seal(token: string, place: TokenPlace): string {
  const [current] = env.TOKEN_KEYS;
  if (current === undefined) throw new Error("TOKEN_KEYS has no key");
  return sealToken(token, place, current);
}

/**
 * Opens what {@link seal} wrote; returns older, plain tokens as they are.
 *
 * @throws AppError retryable, naming the key that is missing or wrong
 */
export function unseal(stored: string, place: TokenPlace): string {
  const opened = unsealToken(stored, place, env.TOKEN_KEYS);
  if (opened.kind === "token") return opened.token;
  const found =
    opened.kind === "key-missing"
      ? `is sealed with key ${opened.keyId}, which is not in TOKEN_KEYS`
      : `does not open with key ${opened.keyId}: it was changed, or the key was`;
  throw new AppError("token-unreadable", `The ${place.column} of ${place.shop} ${found}`, {
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
  // The library stores UTC in columns without a time zone.
  const { rows } = await connection.query<Row>(
    `select access_token as sealed, refresh_token as refresh,
            (extract(epoch from expires at time zone 'UTC') * 1000)::float8 as "expiresAt",
            (extract(epoch from refresh_token_expires at time zone 'UTC') * 1000)::float8
              as "refreshExpiresAt"
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
    refreshExpiresAt: row.refreshExpiresAt,
    sealed: row.sealed,
  };
}

/**
 * Replaces the pair that was stored when a new one was requested, and no other: what another
 * process has stored since is newer.
 *
 * @param before the access token as stored then; null when there was no session
 * @returns false when the row has changed since
 */
export async function replaceToken(
  connection: pg.Pool | pg.PoolClient,
  shop: ShopDomain,
  { token, before }: { token: IssuedToken; before: string | null },
): Promise<boolean> {
  const sessionId = api.session.getOfflineId(shop);
  const values = [sessionId, ...tokenColumns(shop, token)];
  const { rowCount } =
    before === null
      ? await connection.query(
          `insert into sessions
             (id, access_token, refresh_token, scope, expires, refresh_token_expires, shop, state)
           values ($1, $2, $3, $4, $5::timestamptz at time zone 'UTC',
                   $6::timestamptz at time zone 'UTC', $7, '')
           on conflict (id) do nothing`,
          [...values, shop],
        )
      : await connection.query(
          `update sessions set access_token = $2, refresh_token = $3, scope = $4,
                  expires = $5::timestamptz at time zone 'UTC',
                  refresh_token_expires = $6::timestamptz at time zone 'UTC'
            where id = $1 and access_token = $7`,
          [...values, before],
        );
  return rowCount !== 0;
}

function tokenColumns(shop: ShopDomain, token: IssuedToken): (string | Date | null)[] {
  const place = places(shop, api.session.getOfflineId(shop));
  const { accessToken, refreshToken, scope, expires, refreshTokenExpires } = token;
  return [
    seal(accessToken, place.access),
    refreshToken === undefined ? null : seal(refreshToken, place.refresh),
    scope ?? null,
    expires ?? null,
    refreshTokenExpires ?? null,
  ];
}

/** The access token as stored, without unsealing it; null when there is no session. */
export async function readSealed(
  connection: pg.Pool | pg.PoolClient,
  shop: ShopDomain,
): Promise<string | null> {
  const { rows } = await connection.query<{ sealed: string }>(
    "select access_token as sealed from sessions where id = $1",
    [api.session.getOfflineId(shop)],
  );
  return rows[0]?.sealed ?? null;
}
