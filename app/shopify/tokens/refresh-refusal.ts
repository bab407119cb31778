import { z } from "zod";

const refusal = z.object({ error: z.string(), error_description: z.string().optional() });

/** Shopify's message for a refresh token that was revoked, replaced or has expired. */
const NOT_ACTIVE = /requires an active refresh_token/i;

/**
 * Whether Shopify's reply to a renewal says that the refresh token itself is invalid:
 * `invalid_request` "This request requires an active refresh_token", or `invalid_grant` (RFC 6749,
 * 5.2) for a replaced pair. Any other refusal is about the app, the shop, or temporary.
 *
 * @param status of the reply
 * @param body the parsed body
 */
export function isDeadRefreshToken(status: number, body: unknown): boolean {
  if (status !== 400 && status !== 401) return false;
  const { data } = refusal.safeParse(body);
  if (data === undefined) return false;
  if (data.error === "invalid_grant") return true;
  return data.error === "invalid_request" && NOT_ACTIVE.test(data.error_description ?? "");
}
