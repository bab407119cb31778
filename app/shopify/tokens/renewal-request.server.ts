import { HttpResponseError } from "@shopify/shopify-api";

import { AppError } from "#app/lib/errors.ts";
import type { ShopDomain } from "#app/lib/ids.ts";

import { api } from "#app/shopify/library.server.ts";
import { isDeadRefreshToken } from "./refresh-refusal.ts";
import { issued, type IssuedToken } from "./stored-token.server.ts";

/**
 * Asks Shopify for a new pair.
 *
 * @returns null when Shopify no longer accepts the refresh token
 * @throws AppError for every other answer, and for none: these may pass
 */
export async function askForRenewal(
  shop: ShopDomain,
  refreshToken: string,
): Promise<IssuedToken | null> {
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
