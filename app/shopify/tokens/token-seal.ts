import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

import type { TokenKey } from "#app/lib/token-keys.ts";

/** Where a sealed token is stored. It cannot be unsealed in another row, shop or column. */
export type TokenPlace = {
  shop: string;
  sessionId: string;
  column: "access_token" | "refresh_token";
};

export type Unsealed =
  | { kind: "token"; token: string }
  /** The key with this id is not configured. */
  | { kind: "key-missing"; keyId: string }
  /** The text was changed or moved from another place, or the key was changed. */
  | { kind: "broken"; keyId: string };

const MARK = "sealed";
const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The stored form of a token: `sealed:<key id>:<nonce, tag and ciphertext in base64url>`. */
export function sealToken(token: string, place: TokenPlace, key: TokenKey): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key.key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(place));
  const text = Buffer.concat([cipher.update(token, "utf8"), cipher.final()]);
  const payload = Buffer.concat([nonce, cipher.getAuthTag(), text]).toString("base64url");
  return `${MARK}:${key.id}:${payload}`;
}

/** Opens a stored token. Plain tokens from before sealing are returned as they are. */
export function unsealToken(
  stored: string,
  place: TokenPlace,
  keys: readonly TokenKey[],
): Unsealed {
  const keyId = sealedWith(stored);
  if (keyId === null) return { kind: "token", token: stored };
  const key = keys.find(({ id }) => id === keyId);
  if (key === undefined) return { kind: "key-missing", keyId };
  const payload = Buffer.from(stored.slice(MARK.length + keyId.length + 2), "base64url");
  if (payload.length < NONCE_BYTES + TAG_BYTES) return { kind: "broken", keyId };
  const nonce = payload.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key.key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundTo(place));
  decipher.setAuthTag(payload.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const text = decipher.update(payload.subarray(NONCE_BYTES + TAG_BYTES));
    return { kind: "token", token: Buffer.concat([text, decipher.final()]).toString("utf8") };
  } catch {
    return { kind: "broken", keyId };
  }
}

/** The id of the key that a stored token is sealed with; null for a plain one. */
export function sealedWith(stored: string): string | null {
  const [mark, keyId, payload] = stored.split(":");
  return mark === MARK && keyId !== undefined && payload !== undefined ? keyId : null;
}

function boundTo({ shop, sessionId, column }: TokenPlace): Buffer {
  return Buffer.from(JSON.stringify([shop, sessionId, column]), "utf8");
}
