import { describe, expect, it } from "vitest";

import { existingWrites } from "./existing-writes.ts";

describe("existing tags and metafields in Shopify", () => {
  it("become one write for each customer, with our tags and values only", () => {
    expect(
      existingWrites([
        { customerId: "1", tags: ["VIP", "CLV:High", "buy:new"] },
        { customerId: "1", key: "clv_tier", value: "high" },
        { customerId: "2", key: "scored_at", value: "2026-11-21" },
        { customerId: "1", key: "buy_tier", value: "" },
        { customerId: "3", tags: ["VIP"] },
      ]),
    ).toEqual([
      { customerId: "1", add: ["clv:high", "buy:new"], set: { clv_tier: "high", buy_tier: "" } },
      { customerId: "2", set: { scored_at: "2026-11-21" } },
      { customerId: "3", add: [] },
    ]);
  });

  const isTaken = (key: string, value: string) =>
    existingWrites([{ customerId: "1", key, value }])[0]?.set !== undefined;

  it.each([
    ["expected_spend", ["0", "12", "12.50", "-3.2"], ["", "1e5", "1.", ".5", "12 €", "a1", "1,5"]],
    ["buy_probability", ["0.4232", "1"], ["likely", "0.4x", "x0.4"]],
    ["clv_tier", ["high", "x".repeat(255)], ["x".repeat(256)]],
    ["buy_tier", ["new"], ["x".repeat(256)]],
    [
      "next_order_from",
      ["2026-12-01"],
      ["12/01/2026", "2026-12-01T00:00", "x2026-12-01", "2026-1-1"],
    ],
    ["next_order_to", ["2027-01-15"], [""]],
    ["scored_at", ["2026-11-21"], ["today", "20261121"]],
    ["lifetime", [], ["1"]],
  ])("are ours only if the value fits the type of %s", (key, ours, others) => {
    for (const value of ours) expect([value, isTaken(key, value)]).toEqual([value, true]);
    for (const value of others) expect([value, isTaken(key, value)]).toEqual([value, false]);
  });
});
