import { describe, expect, it } from "vitest";

import { loader } from "./_index.tsx";

describe("the root of the app", () => {
  it("redirects to the app with Shopify's query", () => {
    const request = new Request("https://encore.example.com/?shop=a.myshopify.com&locale=fr");
    const response = loader({ request, params: {}, context: {} });
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe("/app?shop=a.myshopify.com&locale=fr");
  });
});
