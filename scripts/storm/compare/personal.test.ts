import { describe, expect, it } from "vitest";

import { searchFor } from "./personal.ts";

const search = searchFor([
  { firstName: "Mei", lastName: "Alderbrook", email: "mei.alderbrook.7@example.com" },
  { firstName: "Uma", lastName: "Flintmere", email: null },
]);

describe("the search for personal data", () => {
  it("finds an address however it is written", () => {
    expect(search('{"to":"Mei.Alderbrook.7@EXAMPLE.com"}')).toBe("an e-mail address");
  });

  it("finds a family name inside other text", () => {
    expect(search("customer=Flintmere;id=7")).toBe("a name");
  });

  it("finds a given name that stands alone, and not by chance in a cipher", () => {
    expect(search('{"name": "Uma"}')).toBe("a given name");
    expect(search("sent to Mei yesterday")).toBe("a given name");
    expect(search('{"sealed": "q8x+Mei/UmaZ=="}')).toBeNull();
  });

  it("finds nothing in ids and tiers, nor in the address of somebody else", () => {
    expect(search('{"customer_id": "6900000032725", "clv_tier": "high"}')).toBeNull();
    expect(search("support@shopify.example")).toBeNull();
  });
});
