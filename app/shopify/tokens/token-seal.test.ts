import { describe, expect, it } from "vitest";

import { sealedWith, sealToken, type TokenPlace, unsealToken } from "./token-seal.ts";

const key = { id: "k1", key: Buffer.alloc(32, 1) };
const another = { id: "k2", key: Buffer.alloc(32, 2) };
const token = "shpat_0123456789abcdef";
const place: TokenPlace = {
  shop: "one.myshopify.com",
  sessionId: "offline_one.myshopify.com",
  column: "access_token",
};

describe("a sealed token", () => {
  it("shows the key's id and nothing else", () => {
    const sealed = sealToken(token, place, key);
    expect(sealed).toMatch(/^sealed:k1:[\w-]{60,}$/);
    expect(sealed).not.toContain(token.slice(6));
    expect(sealedWith(sealed)).toBe("k1");
    expect(sealToken(token, place, key)).not.toBe(sealed);
  });

  it("opens with its key at any position in the list", () => {
    const sealed = sealToken(token, place, key);
    expect(unsealToken(sealed, place, [another, key])).toEqual({ kind: "token", token });
    expect(unsealToken(sealed, place, [another])).toEqual({ kind: "key-missing", keyId: "k1" });
    const impostor = { id: "k1", key: another.key };
    expect(unsealToken(sealed, place, [impostor])).toEqual({ kind: "broken", keyId: "k1" });
  });

  it.each([
    { ...place, shop: "two.myshopify.com" },
    { ...place, sessionId: "offline_two.myshopify.com" },
    { ...place, column: "refresh_token" as const },
  ])("does not open in another row, shop or column (%#)", (elsewhere) => {
    const sealed = sealToken(token, place, key);
    expect(unsealToken(sealed, elsewhere, [key])).toEqual({ kind: "broken", keyId: "k1" });
  });

  it("does not open when a character was changed or removed", () => {
    const sealed = sealToken(token, place, key);
    const last = sealed.at(-3) === "A" ? "B" : "A";
    const changed = `${sealed.slice(0, -3)}${last}${sealed.slice(-2)}`;
    for (const text of [changed, sealed.slice(0, -4), "sealed:k1:AAAA"]) {
      expect(unsealToken(text, place, [key])).toEqual({ kind: "broken", keyId: "k1" });
    }
  });

  it("may be a plain token from before sealing", () => {
    expect(unsealToken(token, place, [key])).toEqual({ kind: "token", token });
    expect(sealedWith(token)).toBeNull();
  });
});
