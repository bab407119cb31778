import { createDecipheriv } from "node:crypto";

import { describe, expect, it } from "vitest";

import { sealedWith, sealToken, type TokenPlace, unsealToken } from "./token-seal.ts";

const key = { id: "k1", key: Buffer.alloc(32, 1) };
const place: TokenPlace = { shop: "s", sessionId: "offline_s", column: "access_token" };

describe("the format of a sealed token", () => {
  it("is the key's id, and nonce, tag and ciphertext of AES-256-GCM bound to its place", () => {
    const [mark, id, payload = ""] = sealToken("tökén", place, key).split(":");
    expect([mark, id]).toEqual(["sealed", "k1"]);
    const bytes = Buffer.from(payload, "base64url");
    const opened = createDecipheriv("aes-256-gcm", key.key, bytes.subarray(0, 12));
    opened.setAAD(Buffer.from('["s","offline_s","access_token"]', "utf8"));
    opened.setAuthTag(bytes.subarray(12, 28));
    const text = Buffer.concat([opened.update(bytes.subarray(28)), opened.final()]);
    expect(text.toString("utf8")).toBe("tökén");
  });

  it("allows an empty token", () => {
    const sealed = sealToken("", place, key);
    expect(unsealToken(sealed, place, [key])).toEqual({ kind: "token", token: "" });
  });

  it("is broken when nonce or tag is incomplete", () => {
    for (const bytes of [0, 11, 12, 27, 28]) {
      const text = `sealed:k1:${Buffer.alloc(bytes, 9).toString("base64url")}`;
      expect(unsealToken(text, place, [key])).toEqual({ kind: "broken", keyId: "k1" });
    }
  });

  it.each(["sealed", "sealed:k1", "Sealed:k1:AAAA", "open:k1:AAAA", ":k1:AAAA", ""])(
    "differs from a plain token: %s",
    (stored) => {
      expect(sealedWith(stored)).toBeNull();
      expect(unsealToken(stored, place, [key])).toEqual({ kind: "token", token: stored });
    },
  );
});
