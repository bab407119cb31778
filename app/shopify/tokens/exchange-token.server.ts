import { HttpResponseError, InvalidJwtError, RequestedTokenType } from "@shopify/shopify-api";
import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { inTransaction, pool } from "#app/lib/db.server.ts";
import { AppError } from "#app/lib/errors.ts";
import { type ShopDomain, shopDomain } from "#app/lib/ids.ts";
import { log } from "#app/lib/log.server.ts";
import { api } from "#app/shopify/library.server.ts";

import {
  issued,
  type IssuedToken,
  readSealed,
  readToken,
  replaceToken,
  type StoredToken,
} from "./stored-token.server.ts";

/**
 * More than the five minutes at which Shopify's library exchanges by itself, to exchange before it
 * does.
 */
const LEAST_LIFE_MS = 6 * 60_000;

/** Exchanges in progress in this process, shared by all pages of a shop. */
const exchanges = new Map<ShopDomain, Promise<void>>();

/**
 * Ensures that the shop of a page's session token has an offline token that does not expire soon,
 * before the library looks. An exchange invalidates the previous pair, so of two at once one would
 * store a dead pair: exchanges and renewals of all processes share a lock, and later ones use the
 * result of the first.
 *
 * Does nothing for a session token that is invalid or that Shopify refuses; the library then
 * answers the browser.
 *
 * @throws AppError when Shopify does not answer
 */
export async function ensureOfflineToken(sessionToken: string): Promise<void> {
  const shop = await shopOf(sessionToken);
  if (shop === null || hasLife(await readUsable(pool, shop))) return;
  const exchange = exchanges.get(shop) ?? exchangeOnce(shop, sessionToken);
  await exchange;
}

async function shopOf(sessionToken: string): Promise<ShopDomain | null> {
  try {
    const { dest } = await api.session.decodeSessionToken(sessionToken);
    return shopDomain(new URL(dest).hostname);
  } catch {
    return null;
  }
}

function exchangeOnce(shop: ShopDomain, sessionToken: string): Promise<void> {
  const exchange = inTransaction(async (client) => {
    await takeLock(client, "token", shop);
    if (hasLife(await readUsable(client, shop))) return;
    const token = await requestExchange(shop, sessionToken);
    if (token === null) return;
    // Repeated when a change of keys resealed the old token in between.
    while (!(await replaceToken(client, shop, { token, before: await readSealed(client, shop) })));
  }).finally(() => exchanges.delete(shop));
  exchanges.set(shop, exchange);
  return exchange;
}

/** A token that cannot be unsealed counts as missing: the exchange replaces it. */
async function readUsable(
  connection: pg.Pool | pg.PoolClient,
  shop: ShopDomain,
): Promise<StoredToken | undefined> {
  try {
    return await readToken(connection, shop);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.error({ shop, found: error.message }, "a session cannot be opened");
    return undefined;
  }
}

function hasLife(token: StoredToken | undefined): boolean {
  if (token === undefined) return false;
  return token.expiresAt === null || token.expiresAt - Date.now() > LEAST_LIFE_MS;
}

/** @returns null when Shopify refuses the session token */
async function requestExchange(
  shop: ShopDomain,
  sessionToken: string,
): Promise<IssuedToken | null> {
  try {
    const { session } = await api.auth.tokenExchange({
      shop,
      sessionToken,
      requestedTokenType: RequestedTokenType.OfflineAccessToken,
      expiring: true,
    });
    return issued(session);
  } catch (error) {
    if (error instanceof InvalidJwtError) return null;
    const response = error instanceof HttpResponseError ? error.response : undefined;
    const { error: reason } = (response?.body ?? {}) as { error?: unknown };
    if (response?.code === 400 && reason === "invalid_subject_token") return null;
    const found = response === undefined ? "no answer" : `Shopify answered ${response.code}`;
    throw new AppError("shopify-unreachable", `No token for ${shop} could be obtained: ${found}`, {
      retryable: true,
      cause: error,
    });
  }
}
