import type pg from "pg";

import { takeLock } from "#app/lib/advisory-locks.server.ts";
import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { tryToken } from "./client.server.ts";
import { readToken, type StoredToken } from "#app/shopify/tokens/stored-token.server.ts";
import { renew } from "#app/shopify/tokens/renew-token.server.ts";

/** What Shopify says of the newest token that there is of a shop. */
export type InstallationAnswer =
  /** It accepts it, or has renewed it: the app is installed. */
  | { kind: "accepted" }
  /** It refuses it, by its own word. */
  | { kind: "refused"; token: "access-token" | "refresh-token" }
  /** It was not asked, since there is no session, or did not say. */
  | { kind: "unknown"; why: string; without: "session" | "answer"; retryable: boolean };

/**
 * Asks Shopify whether it still accepts our token, as the only evidence there is of whether the app is
 * installed. The caller's transaction holds the shop's token from here on, so that the answer is about
 * the newest one for as long as it is acted on. A token that has run out by our own clock proves
 * nothing, and is not asked about; nor do an answer about the shop, a failure, or silence.
 *
 * A refusal is strong, and not proof: a pair is refused as well that another exchange has replaced
 * whose result was lost.
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
