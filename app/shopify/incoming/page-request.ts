import { isShopDomain } from "#app/lib/ids.ts";

// What Shopify's library leaves out when it is asked for a page. It checks a session token's signature,
// its key and the times that are there; it writes the shop of an address into the page's policy as it
// is, and fails on a host that it cannot read.

/** Why a request is not one that Shopify sends: what was found, and what would be right. */
export type PageRefusal = { status: 400 | 401; text: string };

/** @returns null when the library may go on with it */
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

/** App Bridge's in the header, a document's in its address: as the library chooses between the two. */
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

/** What a session token lacks; null when all is there, or when it is none: the library says no to that. */
function missingClaim(token: string, apiKey: string): string | null {
  const claims = claimsOf(token);
  if (claims === null) return null;
  const { exp, aud, dest, iss } = claims;
  if (typeof exp !== "number") return "its end (exp)";
  if (aud !== apiKey) return "this app as whom it is for (aud)";
  const shop = hostOf(dest);
  if (shop === null || !isShopDomain(shop)) return "a shop as where it is for (dest)";
  return hostOf(iss) === shop ? null : "the same shop as who made it (iss)";
}

/** Read before the signature is looked at, which the library does next. */
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
