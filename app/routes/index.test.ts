import { describe, expect, it } from "vitest";

import { loader } from "./_index.tsx";

describe("the root of the app", () => {
  it("sends on to the app with all that Shopify passed", () => {
    const request = new Request("https://encore.example.com/?shop=a.myshopify.com&locale=fr");
    const response = loader({ request, params: {}, context: {} });
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe("/app?shop=a.myshopify.com&locale=fr");
  });
});
