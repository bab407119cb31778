import { describe, expect, it } from "vitest";

import {
  metafieldDefinitions,
  metafieldKeys,
  metafieldNamespace,
  metafieldTypes,
} from "./metafields.ts";

// Other people's tools read these: what is checked here is a promise to them.
describe("the metafields that we keep on customers", () => {
  it("have the names and types that e-mail tools and Flow were told", () => {
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

  it("take a place among the shop's fifty filters only where our segments ask for them", () => {
    const filterable = metafieldDefinitions.filter((one) => one.filterable);
    expect(filterable.map(({ key }) => key)).toEqual(["scored_at"]);
  });

  it("tell the merchant in a name and a sentence what they are", () => {
    for (const { key, name, description } of metafieldDefinitions) {
      expect([key, name]).toEqual([key, expect.stringMatching(/^[A-Z][a-z ]{4,}$/)]);
      expect([key, description]).toEqual([key, expect.stringMatching(/^[A-Zh].{30,}\.$/)]);
    }
    expect(new Set(metafieldDefinitions.map(({ name }) => name)).size).toBe(7);
    const said = (key: string) => metafieldDefinitions.find((one) => one.key === key)?.description;
    expect(said("clv_tier")).toMatch(/^high, moderate, low or new: .*value/);
    expect(said("buy_tier")).toMatch(/^high, moderate, low or new: .*buy again/);
    expect(said("expected_spend")).toMatch(/horizon, in the shop's currency/);
    expect(said("buy_probability")).toMatch(/from 0 to 1/);
    expect(said("next_order_from")).toMatch(/^Start of the period/);
    expect(said("next_order_to")).toMatch(/^End of the period/);
    expect(said("scored_at")).toMatch(/Older than 14 days/);
  });
});
