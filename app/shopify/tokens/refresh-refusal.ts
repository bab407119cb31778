import { z } from "zod";

const refusal = z.object({ error: z.string(), error_description: z.string().optional() });

/** Shopify's words for a refresh token that was revoked, replaced, or has run out. */
const NOT_ACTIVE = /requires an active refresh_token/i;

/**
 * Whether Shopify's answer to a renewal says that the refresh token itself is no longer good: 401
 * `invalid_request` "This request requires an active refresh_token", or `invalid_grant` (RFC 6749,
 * 5.2) for a pair that was replaced. Any other refusal is about us, about the shop, or passing.
 *
 * @param status of the answer
 * @param body of it, as it was parsed
 */
export function isDeadRefreshToken(status: number, body: unknown): boolean {
  if (status !== 400 && status !== 401) return false;
  const { data } = refusal.safeParse(body);
  if (data === undefined) return false;
  if (data.error === "invalid_grant") return true;
  return data.error === "invalid_request" && NOT_ACTIVE.test(data.error_description ?? "");
}
