import { describe, expect, it } from "vitest";

import { parseTokenKeys } from "./token-keys.ts";

const one = Buffer.alloc(32, 1).toString("base64");
const two = Buffer.alloc(32, 2).toString("base64");

describe("the keys for tokens at rest", () => {
  it("are parsed in order, the current one first", () => {
    const keys = parseTokenKeys(`b:${two}, a:${one}`);
    expect(keys).toEqual([
      { id: "b", key: Buffer.alloc(32, 2) },
      { id: "a", key: Buffer.alloc(32, 1) },
    ]);
  });

  it.each([
    [one, "key 1 is not written as id:base64"],
    [`a:${one},b`, "key 2 is not written as id:base64"],
    [`a b:${one}`, "the id of key 1 is not 1 to 32 letters, digits, - or _"],
    [`a:${one},a:${two}`, "two keys have the id a"],
    [`a:${one.slice(0, 20)}`, "key 1 (a) has 15 bytes instead of 32"],
  ])("have errors that do not show a key (%#)", (text, wrong) => {
    expect(parseTokenKeys(text)).toEqual({ wrong });
  });
});
