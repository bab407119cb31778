import { describe, expect, it } from "vitest";

import type { CustomerPlan } from "./plan-writes.ts";
import { batchKinds, fits, metafieldCount, waits, type Write, writesOf } from "./writes.ts";

const nothing: CustomerPlan = { add: [], remove: [], set: {}, unset: [], spentMinor: null };

describe("the writes of a plan", () => {
  it("split it by kind, with the spend only once", () => {
    const plan: CustomerPlan = {
      add: ["clv:high"],
      remove: [],
      set: { clv_tier: "high" },
      unset: ["next_order_to"],
      spentMinor: "5",
    };
    expect(writesOf("1", plan)).toEqual({
      "tags-add": { customerId: "1", add: ["clv:high"] },
      "metafields-set": { customerId: "1", set: { clv_tier: "high" }, spentMinor: "5" },
      "metafields-delete": { customerId: "1", unset: ["next_order_to"] },
    });
    expect(writesOf("1", { ...plan, set: {} })["metafields-delete"]).toEqual({
      customerId: "1",
      unset: ["next_order_to"],
      spentMinor: "5",
    });
    expect(writesOf("1", { ...plan, spentMinor: null })["metafields-set"]).toEqual({
      customerId: "1",
      set: { clv_tier: "high" },
    });
  });

  it("leave out kinds without content", () => {
    expect(Object.keys(writesOf("1", nothing))).toEqual([]);
    const kinds = (part: Partial<CustomerPlan>) =>
      Object.keys(writesOf("1", { ...nothing, ...part }));
    expect(kinds({ add: ["clv:high"] })).toEqual(["tags-add"]);
    expect(kinds({ set: { clv_tier: "x" } })).toEqual(["metafields-set"]);
    expect(kinds({ unset: ["clv_tier"] })).toEqual(["metafields-delete"]);
    expect(kinds({ remove: ["clv:low"] })).toEqual(["tags-remove"]);
    expect([...batchKinds]).toEqual([
      "tags-add",
      "metafields-set",
      "metafields-delete",
      "tags-remove",
    ]);
  });

  it("delay removals until additions are written", () => {
    expect(waits({ ...nothing, add: ["clv:high"], remove: ["clv:low"] })).toBe(true);
    expect(waits({ ...nothing, remove: ["clv:low"] })).toBe(false);
    expect(waits({ ...nothing, add: ["clv:high"] })).toBe(false);
    expect(waits(nothing)).toBe(false);
  });
});

describe("a line of a file", () => {
  const of = (sets: number, unsets = 0): Write => ({
    customerId: "1",
    set: Object.fromEntries(Array.from({ length: sets }, (_, at) => [`k${String(at)}`, "v"])),
    ...(unsets === 0 ? {} : { unset: Array.from({ length: unsets }, () => "scored_at" as const) }),
  });

  it("counts what is set and what is deleted", () => {
    expect(metafieldCount({ customerId: "1" })).toBe(0);
    expect(metafieldCount(of(3))).toBe(3);
    expect(metafieldCount(of(3, 2))).toBe(5);
    expect(metafieldCount({ customerId: "1", unset: ["scored_at"] })).toBe(1);
  });

  it.each(["metafields-set", "metafields-delete"] as const)("of %s takes 25 of them", (kind) => {
    expect(fits(kind, [of(10), of(10, 4)], of(1))).toBe(true);
    expect(fits(kind, [of(10), of(10, 4)], of(2))).toBe(false);
    expect(fits(kind, [], of(25))).toBe(true);
    expect(fits(kind, [], of(26))).toBe(false);
  });

  it.each(["tags-add", "tags-remove"] as const)("of %s takes one customer", (kind) => {
    expect(fits(kind, [], of(0))).toBe(true);
    expect(fits(kind, [of(0)], of(0))).toBe(false);
  });
});
