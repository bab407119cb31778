import { describe, expect, it } from "vitest";

import { nothingWritten, planCustomer } from "#app/writeback/plan/plan-writes.ts";
import { fits, type Line, writesOf } from "#app/writeback/plan/writes.ts";

import { packLines, unpackLines, variablesOf } from "./batch-file.server.ts";

describe("the lines of a batch", () => {
  it("are the same after packing and unpacking", () => {
    const lines: Line[] = [
      [{ customerId: "1", add: ["clv:high", "buy:low"] }],
      [{ customerId: "2", set: { clv_tier: "new" }, spentMinor: "12" }],
    ];
    expect(unpackLines(packLines(lines))).toEqual(lines);
    expect(unpackLines(packLines([]))).toEqual([]);
  });

  it("give the variables of one call each", () => {
    expect(variablesOf("tags-add", [{ customerId: "1", add: ["clv:high"] }])).toEqual({
      id: "gid://shopify/Customer/1",
      tags: ["clv:high"],
    });
    expect(variablesOf("tags-remove", [{ customerId: "1", remove: ["clv:low"] }])).toEqual({
      id: "gid://shopify/Customer/1",
      tags: ["clv:low"],
    });
    expect(
      variablesOf("metafields-set", [
        { customerId: "1", set: { clv_tier: "high" } },
        { customerId: "2", set: { expected_spend: "1.50" } },
      ]),
    ).toEqual({
      metafields: [
        {
          ownerId: "gid://shopify/Customer/1",
          namespace: "encore",
          key: "clv_tier",
          type: "single_line_text_field",
          value: "high",
        },
        {
          ownerId: "gid://shopify/Customer/2",
          namespace: "encore",
          key: "expected_spend",
          type: "number_decimal",
          value: "1.50",
        },
      ],
    });
    expect(variablesOf("metafields-delete", [{ customerId: "3", unset: ["scored_at"] }])).toEqual({
      metafields: [{ ownerId: "gid://shopify/Customer/3", namespace: "encore", key: "scored_at" }],
    });
  });

  it("have one customer for tags and at most 25 metafields", () => {
    const seven = {
      customerId: "1",
      set: {
        clv_tier: "high",
        buy_tier: "low",
        expected_spend: "1",
        buy_probability: "0.1",
        next_order_from: "2026-12-01",
        next_order_to: "2026-12-09",
        scored_at: "2026-11-21",
      },
    };
    expect(fits("metafields-set", [seven, seven], seven)).toBe(true);
    expect(fits("metafields-set", [seven, seven, seven], seven)).toBe(false);
    expect(fits("tags-add", [], { customerId: "1", add: ["clv:high"] })).toBe(true);
    expect(fits("tags-add", [{ customerId: "1" }], { customerId: "2" })).toBe(false);
  });
});

describe("the writes of a plan", () => {
  const wanted = { tags: ["clv:high", "buy:low"], values: {}, spentMinor: "5" };

  it("keep an old tag until the new one is known to be written", () => {
    const old = { ...nothingWritten, tags: ["clv:low", "buy:low"], spentMinor: "5" };
    const first = writesOf("1", planCustomer("1", old, wanted));
    expect(first["tags-add"]?.add).toEqual(["clv:high"]);
    expect(first["tags-remove"]).toBeUndefined();

    const added = { ...old, tags: ["clv:low", "buy:low", "clv:high"] };
    const second = writesOf("1", planCustomer("1", added, wanted));
    expect(second["tags-add"]).toBeUndefined();
    expect(second["tags-remove"]?.remove).toEqual(["clv:low"]);
  });

  it("are none when there is nothing to do", () => {
    const written = {
      ...nothingWritten,
      tags: ["clv:high", "buy:low"],
      spentMinor: "5",
    };
    const plan = { ...planCustomer("1", written, wanted), set: {} };
    expect(writesOf("1", plan)).toEqual({});
  });
});
