import { expect, it } from "vitest";

import { webRequest } from "./web-request.ts";

it("has the app's own origin, whatever host the client names, and the raw body", async () => {
  const body = Buffer.from([0xff, 0x00, 0x7b]);
  const headers = { host: "evil.example", "x-forwarded-host": "evil.example", "x-two": "a, b" };
  const asked = { url: "//evil.example/app?x=1", method: "POST", headers };
  const request = webRequest(asked as never, { origin: "https://encore.example.com", body });
  expect(request.url).toBe("https://encore.example.com//evil.example/app?x=1");
  expect(request.headers.get("host")).toBe("encore.example.com");
  expect(request.headers.get("x-forwarded-host")).toBeNull();
  expect(request.headers.get("x-two")).toBe("a, b");
  expect(Buffer.from(await request.arrayBuffer())).toEqual(body);
});
