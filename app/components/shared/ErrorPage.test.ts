import { expect, it } from "vitest";

import { isShopifyAnswer } from "./ErrorPage.tsx";

const answer = (status: number, data: unknown) => ({
  status,
  statusText: "",
  internal: false,
  data,
});

it("shows as it is only what the library answered with, and nothing of ours that quotes what was found", () => {
  expect(isShopifyAnswer(answer(200, "<script data-api-key></script>"))).toBe(true);
  expect(isShopifyAnswer(answer(400, 'found "<img onerror=…>"'))).toBe(false);
  expect(isShopifyAnswer(answer(502, { code: "shopify-unreachable" }))).toBe(false);
  expect(isShopifyAnswer(new Error("<b>"))).toBe(false);
});
