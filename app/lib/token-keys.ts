/** A key for tokens at rest. Its id is part of the stored text, so that keys can be rotated. */
export type TokenKey = {
  id: string;
  /** 32 bytes. */
  key: Uint8Array;
};

const KEY_BYTES = 32;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * Parses `id:base64,id:base64`. The first key seals, all of them unseal.
 *
 * @returns the keys, or what is wrong with the text, without any part of a key
 */
export function parseTokenKeys(text: string): TokenKey[] | { wrong: string } {
  const keys: TokenKey[] = [];
  for (const [index, part] of text.split(",").entries()) {
    const [id = "", encoded = "", ...rest] = part.trim().split(":");
    const place = `key ${index + 1}`;
    if (rest.length > 0 || encoded === "") return { wrong: `${place} is not written as id:base64` };
    if (!KEY_ID.test(id)) {
      return { wrong: `the id of ${place} is not 1 to 32 letters, digits, - or _` };
    }
    if (keys.some((key) => key.id === id)) return { wrong: `two keys have the id ${id}` };
    const key = Buffer.from(encoded, "base64");
    if (key.length !== KEY_BYTES) {
      return { wrong: `${place} (${id}) has ${key.length} bytes instead of ${KEY_BYTES}` };
    }
    keys.push({ id, key });
  }
  return keys;
}
