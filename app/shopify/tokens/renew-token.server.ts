import { HttpResponseError } from "@shopify/shopify-api";
import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { callPool, inTransaction } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { api } from "#app/shopify/library.server.ts";

import { type AccessLoss, loseAccess, unauthorized } from "./access-loss.server.ts";
import { isDeadRefreshToken } from "./refresh-refusal.ts";
import {
  issued,
  type IssuedToken,
  readToken,
  replaceToken,
  type StoredToken,
} from "./stored-token.server.ts";

/** A token that expires sooner than this is renewed before use. */
const RENEW_WITHIN_MS = 5 * 60_000;

export type Renewal = { kind: "token"; token: string } | { kind: "lost"; loss: AccessLoss };

/** Renewals in progress in this process, shared by all callers of a shop. */
const renewals = new Map<ShopDomain, Promise<Renewal>>();

/**
 * The shop's offline token, renewed when it is about to expire.
 *
 * @param rejected a token that Shopify has just refused, which is not returned
 * @throws AppError shopify-unauthorized when only the merchant can restore access
 */
export async function accessToken(shop: ShopDomain, rejected?: string): Promise<string> {
  const stored = await readToken(callPool, shop);
  if (stored !== undefined && isFresh(stored, rejected)) return stored.accessToken;
  const renewal = await (renewals.get(shop) ?? renewOnce(shop, rejected));
  if (renewal.kind === "lost") throw unauthorized(shop, renewal.loss);
  return renewal.token === rejected ? accessToken(shop, rejected) : renewal.token;
}

/** Under a lock, since a refresh token is valid for one use. */
function renewOnce(shop: ShopDomain, rejected: string | undefined): Promise<Renewal> {
  const work = async (client: pg.PoolClient): Promise<Renewal> => {
    await takeLock(client, "token", shop);
    const current = await readToken(client, shop);
    if (current !== undefined && isFresh(current, rejected)) {
      return { kind: "token", token: current.accessToken };
    }
    const result: Renewal =
      current === undefined
        ? { kind: "lost", loss: "no-session" }
        : await renew(client, shop, current);
    if (result.kind === "lost") {
      await loseAccess(client, shop, { loss: result.loss, sealed: current?.sealed ?? null });
    }
    return result;
  };
  const renewal = inTransaction(work, { on: callPool }).finally(() => renewals.delete(shop));
  renewals.set(shop, renewal);
  return renewal;
}

/** @param rejected a token that Shopify has just refused */
export function isFresh(token: StoredToken, rejected?: string): boolean {
  if (token.accessToken === rejected) return false;
  return token.expiresAt === null || token.expiresAt - Date.now() > RENEW_WITHIN_MS;
}

/**
 * Uses the refresh token, in the caller's transaction, which must hold the token lock.
 *
 * After a crash between Shopify's reply and the commit, the stored refresh token is still valid:
 * Shopify keeps it until the new pair is first used, and that is returned only after the commit.
 *
 * @throws AppError when Shopify's reply says nothing about the refresh token
 */
export async function renew(
  client: pg.PoolClient,
  shop: ShopDomain,
  current: StoredToken,
): Promise<Renewal> {
  const { refreshToken, refreshExpiresAt } = current;
  if (refreshToken === null) return { kind: "lost", loss: "not-renewable" };
  if (refreshExpiresAt !== null && refreshExpiresAt <= Date.now()) {
    return { kind: "lost", loss: "expired" };
  }
  const renewed = await requestRenewal(shop, refreshToken);
  if (renewed === null) return { kind: "lost", loss: "not-renewed" };
  return { kind: "token", token: await keep(client, shop, { renewed, current }) };
}

/**
 * Stores the renewed pair. If the stored token is the same one, resealed by a change of keys, it
 * tries again; if it is another token, that is newer and wins.
 */
async function keep(
  client: pg.PoolClient,
  shop: ShopDomain,
  { renewed, current }: { renewed: IssuedToken; current: StoredToken },
): Promise<string> {
  let stored: StoredToken | undefined = current;
  while (stored !== undefined && stored.accessToken === current.accessToken) {
    if (await replaceToken(client, shop, { token: renewed, before: stored.sealed })) break;
    stored = await readToken(client, shop);
    if (stored !== undefined && stored.accessToken !== current.accessToken)
      return stored.accessToken;
  }
  return renewed.accessToken;
}

/**
 * Records lost access, for a token that Shopify refuses although it was renewed.
 *
 * @returns false, without a change, when another token is stored
 */
export function forgetToken(shop: ShopDomain, rejected: string): Promise<boolean> {
  const work = async (client: pg.PoolClient) => {
    await takeLock(client, "token", shop);
    const stored = await readToken(client, shop);
    if (stored !== undefined && stored.accessToken !== rejected) return false;
    await loseAccess(client, shop, { loss: "refused", sealed: stored?.sealed ?? null });
    return true;
  };
  return inTransaction(work, { on: callPool });
}

/**
 * Requests a new pair.
 *
 * @returns null when Shopify no longer accepts the refresh token
 * @throws AppError for any other failure, which may be temporary
 */
async function requestRenewal(shop: ShopDomain, refreshToken: string): Promise<IssuedToken | null> {
  try {
    const { session } = await api.auth.refreshToken({ shop, refreshToken });
    return issued(session);
  } catch (error) {
    const response = error instanceof HttpResponseError ? error.response : undefined;
    if (response !== undefined && isDeadRefreshToken(response.code, response.body)) return null;
    throw renewalError(shop, response?.code, error);
  }
}

/**
 * Only an explicit refusal of the refresh token ends the access. Other errors may be temporary or
 * the operator's mistake, such as a wrong API secret, and must not cost every shop its session.
 */
function renewalError(shop: ShopDomain, status: number | undefined, cause: unknown): AppError {
  const found = status === undefined ? "no answer" : `Shopify answered ${status}`;
  const closed = status === 402 || status === 404 || status === 423;
  return new AppError(
    closed ? "shopify-shop-unavailable" : "shopify-unreachable",
    `The token of ${shop} could not be renewed: ${found}`,
    { retryable: !closed, cause },
  );
}
