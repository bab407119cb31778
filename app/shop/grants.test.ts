import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { grantedWork, isAllowed, usedScopes } from "./grants.ts";

const root = new URL("../../", import.meta.url);

describe.each(["shopify.app.toml", "shopify.app.development.toml"])("%s", (file) => {
  const config = readFileSync(new URL(file, root), "utf8");

  it("requests every scope that is used, and no other", () => {
    const asked = /^scopes = "(.*)"$/m.exec(config)?.[1]?.split(",") ?? [];
    // read_all_orders is requested only after Shopify's approval.
    expect(new Set(asked).add("read_all_orders")).toEqual(new Set(usedScopes));
  });
});

describe("what a shop's grants allow", () => {
  it("is everything, with all requested scopes", () => {
    expect(grantedWork.map((work) => isAllowed(work, usedScopes))).toEqual([true, true]);
  });

  it("accepts a write scope in place of its implied read scope", () => {
    expect(isAllowed("import", ["read_orders", "write_customers"])).toBe(true);
    expect(isAllowed("import", ["write_customers"])).toBe(false);
    expect(isAllowed("write", ["read_orders", "read_customers"])).toBe(false);
  });
});
