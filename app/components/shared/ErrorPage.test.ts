import { expect, it } from "vitest";

import { isShopifyAnswer } from "./ErrorPage.tsx";

const answer = (status: number, data: unknown) => ({
  status,
  statusText: "",
  internal: false,
  data,
});

it("renders only the library's responses as they are, never ours, which may quote input", () => {
  expect(isShopifyAnswer(answer(200, "<script data-api-key></script>"))).toBe(true);
  expect(isShopifyAnswer(answer(400, 'found "<img onerror=…>"'))).toBe(false);
  expect(isShopifyAnswer(answer(502, { code: "shopify-unreachable" }))).toBe(false);
  expect(isShopifyAnswer(new Error("<b>"))).toBe(false);
});
