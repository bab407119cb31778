import { createHmac } from "node:crypto";

/** Claims to override; `undefined` omits one. */
export type Claims = Record<string, unknown>;

type Changes = { secret?: string; expiresInSeconds?: number; claims?: Claims };

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A session token as App Bridge sends it. */
export function sessionToken(shop: string, changes: Changes = {}): string {
  const { secret = "simulated-secret", expiresInSeconds = 60 } = changes;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: `https://${shop}/admin`,
    dest: `https://${shop}`,
    aud: "simulated-key",
    sub: "1",
    exp: now + expiresInSeconds,
    nbf: now - 60,
    iat: now - 60,
    jti: "1",
    sid: "1",
    ...changes.claims,
  };
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
