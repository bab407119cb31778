import { describe, expect, it } from "vitest";

import { sealedWith, sealToken, unsealToken, type TokenPlace } from "./token-seal.ts";

const key = { id: "k1", key: Buffer.alloc(32, 1) };
const another = { id: "k2", key: Buffer.alloc(32, 2) };
const token = "shpat_0123456789abcdef";
const place: TokenPlace = {
  shop: "one.myshopify.com",
  sessionId: "offline_one.myshopify.com",
  column: "access_token",
};

describe("a sealed token", () => {
  it("says which key it needs and shows nothing else", () => {
    const sealed = sealToken(token, place, key);
    expect(sealed).toMatch(/^sealed:k1:[\w-]{60,}$/);
    expect(sealed).not.toContain(token.slice(6));
    expect(sealedWith(sealed)).toBe("k1");
    expect(sealToken(token, place, key)).not.toBe(sealed);
  });

  it("opens with its key, wherever that stands among those given", () => {
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
  ])("opens in no other place (%#)", (elsewhere) => {
    const sealed = sealToken(token, place, key);
    expect(unsealToken(sealed, elsewhere, [key])).toEqual({ kind: "broken", keyId: "k1" });
  });

  it("does not open when a character of it was changed or lost", () => {
    const sealed = sealToken(token, place, key);
    const last = sealed.at(-3) === "A" ? "B" : "A";
    const changed = `${sealed.slice(0, -3)}${last}${sealed.slice(-2)}`;
    for (const text of [changed, sealed.slice(0, -4), "sealed:k1:AAAA"]) {
      expect(unsealToken(text, place, [key])).toEqual({ kind: "broken", keyId: "k1" });
    }
  });

  it("may still be a plain one of earlier", () => {
    expect(unsealToken(token, place, [key])).toEqual({ kind: "token", token });
    expect(sealedWith(token)).toBeNull();
  });
});
