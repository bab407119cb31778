import { isShopDomain } from "#app/lib/ids.ts";

// Checks that Shopify's library leaves out. The library checks a session token's signature,
// audience and the times it has; it writes the shop in the address unchecked into the page's
// policy, and throws on an unreadable host.

/** Why a page request is refused: what was found, and what was expected. */
export type PageRefusal = { status: 400 | 401; text: string };

/** @returns null when the request may be passed to the library */
export function pageRefusal(request: Request, apiKey: string): PageRefusal | null {
  const { searchParams } = new URL(request.url);
  const shop = searchParams.get("shop");
  if (shop !== null && !isShopDomain(shop)) {
    return { status: 400, text: "found another shop in the address: expected name.myshopify.com" };
  }
  const host = searchParams.get("host");
  if (host !== null && !isHost(host)) {
    return {
      status: 400,
      text: "found another host in the address: expected the admin's, in base64",
    };
  }
  const token = sessionTokenOf(request);
  const missing = token === null ? null : missingClaim(token, apiKey);
  return missing === null
    ? null
    : { status: 401, text: `expected a session token with ${missing}` };
}

/**
 * The token from the header (App Bridge), else from the address (documents), in the library's
 * order.
 */
export function sessionTokenOf({ headers, url }: Request): string | null {
  const bearer = headers.get("authorization")?.replace("Bearer ", "");
  return bearer || new URL(url).searchParams.get("id_token") || null;
}

function isHost(host: string): boolean {
  try {
    return new URL(`https://${atob(host)}`).host !== "";
  } catch {
    return false;
  }
}

/**
 * The missing or wrong claim. Null when there is none, or for an unreadable token, which the
 * library refuses.
 */
function missingClaim(token: string, apiKey: string): string | null {
  const claims = claimsOf(token);
  if (claims === null) return null;
  const { exp, aud, dest, iss } = claims;
  if (typeof exp !== "number") return "an expiry (exp)";
  if (aud !== apiKey) return "this app as its audience (aud)";
  const shop = hostOf(dest);
  if (shop === null || !isShopDomain(shop)) return "a shop as its destination (dest)";
  return hostOf(iss) === shop ? null : "the same shop as its issuer (iss)";
}

/** Unverified claims: the library checks the signature afterwards. */
function claimsOf(token: string): Record<string, unknown> | null {
  try {
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
    const claims: unknown = JSON.parse(payload);
    return typeof claims === "object" && claims !== null ? { ...claims } : null;
  } catch {
    return null;
  }
}

function hostOf(address: unknown): string | null {
  if (typeof address !== "string" || !URL.canParse(address)) return null;
  return new URL(address).hostname;
}
