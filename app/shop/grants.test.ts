import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { grantedWork, isAllowed } from "./grants.ts";

const config = readFileSync(new URL("../../shopify.app.toml", import.meta.url), "utf8");
const asked = /^scopes = "(.*)"$/m.exec(config)?.[1]?.split(",") ?? [];

describe("what a shop's grants allow", () => {
  it("is everything, with the scopes that the app asks for", () => {
    expect(asked).toContain("read_orders");
    expect(grantedWork.map((work) => isAllowed(work, asked))).toEqual([true, true]);
  });

  it("goes by the write scope where Shopify leaves out the read scope that it stands for", () => {
    expect(isAllowed("import", ["read_orders", "write_customers"])).toBe(true);
    expect(isAllowed("import", ["write_customers"])).toBe(false);
    expect(isAllowed("write", ["read_orders", "read_customers"])).toBe(false);
  });
});
