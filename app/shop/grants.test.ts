import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { grantedWork, isAllowed, usedScopes } from "./grants.ts";

const root = new URL("../../", import.meta.url);

describe.each(["shopify.app.toml", "shopify.app.development.toml"])("%s", (file) => {
  const config = readFileSync(new URL(file, root), "utf8");

  it("asks for every scope that has a use, and for no other", () => {
    const asked = /^scopes = "(.*)"$/m.exec(config)?.[1]?.split(",") ?? [];
    // That one is left out until Shopify has granted it.
    expect(new Set(asked).add("read_all_orders")).toEqual(new Set(usedScopes));
  });
});

describe("what a shop's grants allow", () => {
  it("is everything, with the scopes that the app asks for", () => {
    expect(grantedWork.map((work) => isAllowed(work, usedScopes))).toEqual([true, true]);
  });

  it("goes by the write scope where Shopify leaves out the read scope that it stands for", () => {
    expect(isAllowed("import", ["read_orders", "write_customers"])).toBe(true);
    expect(isAllowed("import", ["write_customers"])).toBe(false);
    expect(isAllowed("write", ["read_orders", "read_customers"])).toBe(false);
  });
});
