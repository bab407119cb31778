import { describe, expect, it } from "vitest";

import { refusalOf } from "./refusal.ts";

const origin = "https://encore.example.com";
const refused = (method: string, url: string, headers = {}) =>
  refusalOf({ method, url, headers }, origin)?.status ?? null;

describe("a refused request", () => {
  it("has an unsupported method", () => {
    for (const method of ["PUT", "DELETE", "TRACE", "PROPFIND"]) {
      expect(refused(method, "/app")).toBe(405);
    }
    for (const method of ["GET", "HEAD", "POST", "OPTIONS"]) {
      expect(refused(method, "/app")).toBeNull();
    }
  });

  it("has an address that is no path, or not readable", () => {
    for (const url of ["*", "https://evil.example/app", "", "/app/%00", "/%E0%A4%A", "/a%0Ab"]) {
      expect(refused("GET", url)).toBe(400);
    }
    expect(refused("GET", "/app/caf%C3%A9?x=%00")).toBeNull();
  });

  it("is a form from another site", () => {
    const from = (site: string) => refused("POST", "/app?index", { origin: site });
    expect(from("https://evil.example")).toBe(403);
    expect(from("null")).toBe(403);
    expect(from(origin)).toBeNull();
    expect(refused("GET", "/app", { origin: "https://evil.example" })).toBeNull();
  });
});
