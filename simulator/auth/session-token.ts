import { createHmac, timingSafeEqual } from "node:crypto";

import type { SimApp, SimShop } from "#simulator/state.ts";

/** Clocks of browser and server may differ by this much. */
const leewaySeconds = 10;

type Claims = { aud: string; dest: string; exp: number; nbf: number; iat: number };

/**
 * True if `token` is a session token of `shop` for this app: HS256 with the app's secret, not expired,
 * and not issued before the shop uninstalled the app. `nowSeconds` is real time, as in App Bridge's tokens.
 */
export function isSessionTokenOf(
  { domain, uninstalledAt }: Pick<SimShop, "domain" | "uninstalledAt">,
  token: string,
  { app, nowSeconds }: { app: SimApp; nowSeconds: number },
): boolean {
  const [header, payload, signature, ...rest] = token.split(".");
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    return false;
  }
  const expected = createHmac("sha256", app.apiSecret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  const claims = readClaims(payload);
  if (claims === undefined || claims.aud !== app.apiKey || claims.dest !== `https://${domain}`)
    return false;
  if (uninstalledAt !== null && claims.iat < uninstalledAt) return false;
  return claims.exp + leewaySeconds > nowSeconds && claims.nbf - leewaySeconds <= nowSeconds;
}

function readClaims(payload: string): Claims | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return isClaims(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

function isClaims(value: unknown): value is Claims {
  if (typeof value !== "object" || value === null) return false;
  const { aud, dest, exp, nbf, iat } = value as Record<string, unknown>;
  return (
    typeof aud === "string" &&
    typeof dest === "string" &&
    [exp, nbf, iat].every((time) => typeof time === "number")
  );
}
