import { HttpResponseError } from "@shopify/shopify-api";
import type pg from "pg";

import { inTransaction, pool } from "#app/db.server.ts";
import { AppError } from "#app/errors.ts";
import type { ShopDomain } from "#app/ids.ts";

import { loseAccess, unauthorized, type AccessLoss } from "./access.server.ts";
import { api } from "./api.server.ts";
import {
  readToken,
  saveToken,
  type RenewedToken,
  type StoredToken,
} from "./stored-token.server.ts";

/** A token with less life than this is renewed before it is used. */
const RENEW_WITHIN_MS = 5 * 60_000;

/** Refusals (RFC 6749, 5.2) that say nothing about the refresh token. */
const OUR_MISTAKES = new Set<unknown>([
  "invalid_client",
  "invalid_request",
  "unauthorized_client",
  "unsupported_grant_type",
]);

type Renewal = { kind: "token"; token: string } | { kind: "lost"; loss: AccessLoss };

/** Renewals that this process waits for: one connection for all callers of a shop. */
const renewals = new Map<ShopDomain, Promise<Renewal>>();

/**
 * The shop's offline token, renewed when it is about to expire.
 *
 * @param rejected a token that Shopify has just refused: the one returned is another
 * @throws AppError shopify-unauthorized when there is none and none can be had without the merchant
 */
export async function accessToken(shop: ShopDomain, rejected?: string): Promise<string> {
  const stored = await readToken(pool, shop);
  if (stored !== undefined && isFresh(stored, rejected)) return stored.accessToken;
  const renewal = await (renewals.get(shop) ?? renewOnce(shop, rejected));
  if (renewal.kind === "lost") throw unauthorized(shop, renewal.loss);
  return renewal.token === rejected ? accessToken(shop, rejected) : renewal.token;
}

/** A refresh token is good for one use, so that two processes must not both spend it. */
function renewOnce(shop: ShopDomain, rejected: string | undefined): Promise<Renewal> {
  const renewal = inTransaction(async (client): Promise<Renewal> => {
    await client.query("select pg_advisory_xact_lock(hashtextextended('token:' || $1, 0))", [shop]);
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
  }).finally(() => renewals.delete(shop));
  renewals.set(shop, renewal);
  return renewal;
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
): Promise<Renewal> {
  if (refreshToken === null) return { kind: "lost", loss: "not-renewable" };
  const session = await askForRenewal(shop, refreshToken);
  if (session === null) return { kind: "lost", loss: "not-renewed" };
  await saveToken(client, shop, session);
  return { kind: "token", token: session.accessToken };
}

/** @returns null when Shopify no longer accepts the refresh token */
async function askForRenewal(shop: ShopDomain, refreshToken: string): Promise<RenewedToken | null> {
  try {
    const { session } = await api.auth.refreshToken({ shop, refreshToken });
    const { accessToken: token } = session;
    if (token === undefined) throw new Error("the reply had no token");
    return Object.assign(session, { accessToken: token });
  } catch (error) {
    const response = error instanceof HttpResponseError ? error.response : undefined;
    if (response?.code === 400 && !OUR_MISTAKES.has(response.body?.error)) return null;
    throw renewalError(shop, response?.code, error);
  }
}

/**
 * Only Shopify's word that the refresh token itself is no longer good ends the access. Anything else
 * may pass: that our own secret is wrong is the operator's mistake, and must not cost every shop its
 * session.
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

/** Forgets a token that Shopify refuses although it was renewed. */
export async function forgetToken(shop: ShopDomain, rejected: string): Promise<void> {
  const stored = await readToken(pool, shop);
  if (stored?.accessToken !== rejected) return;
  await loseAccess(pool, shop, { loss: "refused", sealed: stored.sealed });
}
