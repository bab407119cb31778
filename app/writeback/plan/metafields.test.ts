import { describe, expect, it } from "vitest";

import {
  metafieldDefinitions,
  metafieldKeys,
  metafieldNamespace,
  metafieldTypes,
} from "./metafields.ts";

// E-mail tools and Flow rely on these names and types, so they must not change.
describe("our metafields", () => {
  it("have the published names and types", () => {
    expect(metafieldNamespace).toBe("encore");
    expect(metafieldTypes).toEqual({
      clv_tier: "single_line_text_field",
      buy_tier: "single_line_text_field",
      expected_spend: "number_decimal",
      buy_probability: "number_decimal",
      next_order_from: "date",
      next_order_to: "date",
      scored_at: "date",
    });
    expect([...metafieldKeys].sort()).toEqual(Object.keys(metafieldTypes).sort());
  });

  it("use one of the shop's fifty filters only where our segments need it", () => {
    const filterable = metafieldDefinitions.filter((one) => one.filterable);
    expect(filterable.map(({ key }) => key)).toEqual(["scored_at"]);
  });

  it("have a name and a description for the merchant", () => {
    for (const { key, name, description } of metafieldDefinitions) {
      expect([key, name]).toEqual([key, expect.stringMatching(/^[A-Z][a-z ]{4,}$/)]);
      expect([key, description]).toEqual([key, expect.stringMatching(/^[A-Zh].{30,}\.$/)]);
    }
    expect(new Set(metafieldDefinitions.map(({ name }) => name)).size).toBe(7);
    const descriptionOf = (key: string) =>
      metafieldDefinitions.find((one) => one.key === key)?.description;
    expect(descriptionOf("clv_tier")).toMatch(/^high, moderate, low or new: .*value/);
    expect(descriptionOf("buy_tier")).toMatch(/^high, moderate, low or new: .*buy again/);
    expect(descriptionOf("expected_spend")).toMatch(/horizon, in the shop's currency/);
    expect(descriptionOf("buy_probability")).toMatch(/from 0 to 1/);
    expect(descriptionOf("next_order_from")).toMatch(/^Start of the period/);
    expect(descriptionOf("next_order_to")).toMatch(/^End of the period/);
    expect(descriptionOf("scored_at")).toMatch(/Older than 14 days/);
  });
});
