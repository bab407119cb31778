import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";
import { renew } from "#app/shopify/tokens/renew-token.server.ts";
import { readToken, type StoredToken } from "#app/shopify/tokens/stored-token.server.ts";

import { tryToken } from "./client.server.ts";

/** What Shopify says about a shop's newest token. */
export type InstallationAnswer =
  /** The token was accepted or renewed: the app is installed. */
  | { kind: "accepted" }
  /** Shopify refused the named token. */
  | { kind: "refused"; token: "access-token" | "refresh-token" }
  /** There is no session, or Shopify's reply does not decide it. */
  | { kind: "unknown"; why: string; without: "session" | "answer"; retryable: boolean };

/**
 * Asks Shopify whether it still accepts the shop's token, the only evidence of whether the app is
 * installed. The caller's transaction holds the token lock from here on, so the answer stays about
 * the newest token while it is acted on. An access token that has expired by our clock proves
 * nothing and is not tried. Neither does a reply about the shop, a failure, or no reply.
 *
 * A refusal is strong evidence, but no proof: a pair is also refused after another exchange
 * replaced it whose result was lost.
 */
export async function askWhetherInstalled(
  client: pg.PoolClient,
  shop: ShopDomain,
  signal?: AbortSignal,
): Promise<InstallationAnswer> {
  await takeLock(client, "token", shop);
  try {
    const token = await readToken(client, shop);
    if (token === undefined) {
      const why = "there is no session for it";
      return { kind: "unknown", why, without: "session", retryable: false };
    }
    return await askAbout(client, shop, { token, signal });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return unknown(error.message, error.retryable);
  }
}

type Asking = { token: StoredToken; signal: AbortSignal | undefined };

async function askAbout(
  client: pg.PoolClient,
  shop: ShopDomain,
  { token, signal }: Asking,
): Promise<InstallationAnswer> {
  const lives = token.expiresAt === null || token.expiresAt > Date.now();
  if (lives && (await tryToken(shop, token.accessToken, signal)) === "accepted") {
    return { kind: "accepted" };
  }
  const renewal = await renew(client, shop, token);
  if (renewal.kind === "token") return { kind: "accepted" };
  if (renewal.loss === "not-renewed") return { kind: "refused", token: "refresh-token" };
  return lives
    ? { kind: "refused", token: "access-token" }
    : unknown("its token has run out, and cannot be renewed", false);
}

function unknown(why: string, retryable: boolean): InstallationAnswer {
  return { kind: "unknown", why, without: "answer", retryable };
}
