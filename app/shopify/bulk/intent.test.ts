import { describe, expect, it } from "vitest";

import { isSameIntent, markIntent } from "./intent.ts";

const document = `#graphql
  query EncoreOrders {
    orders { edges { node { id tags query: id } } }
  }
`;
const id = "5f0e9a52-7f3e-4a39-8c0b-2f6f2d3a9a11";

describe("the intent in a bulk operation", () => {
  it("is found again in what Shopify keeps, and in nothing else", () => {
    const marked = markIntent(document, id);
    expect(isSameIntent(marked, id)).toBe(true);
    expect(isSameIntent(marked, `${id}0`)).toBe(false);
    expect(isSameIntent(document, id)).toBe(false);
  });

  it("changes nothing but the name of the operation", () => {
    expect(markIntent(document, "1")).toBe(document.replace("EncoreOrders", "Encore_1"));
    const mutation =
      "mutation EncoreTagsAdd($id: ID!) { tagsAdd(id: $id, tags: []) { node { id } } }";
    expect(markIntent(mutation, "b-2")).toBe(mutation.replace("EncoreTagsAdd", "Encore_b_2"));
  });
});
