import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { ApiVersion } from "@shopify/shopify-api";
import { describe, expect, it } from "vitest";

import { API_VERSION } from "#app/shopify/api-version.ts";
import { api } from "#app/shopify/library.server.ts";
import { apiVersion as simulatedVersion } from "#simulator/graphql/schema.ts";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

describe("the Admin API version", () => {
  it("is one that Shopify's library knows", () => {
    expect(Object.values(ApiVersion)).toContain(API_VERSION);
  });

  it("is the one the library is configured with, for pages and webhooks", () => {
    expect(api.config.apiVersion).toBe(API_VERSION);
    const set = [...read("app/shopify.server.ts").matchAll(/apiVersion: ApiVersion\.(\w+)/g)];
    expect(set.map(([, name = ""]) => ApiVersion[name as keyof typeof ApiVersion])).toEqual([
      API_VERSION,
    ]);
  });

  it("is the one in shopify.app.toml", () => {
    expect(/^api_version = "(.+)"$/m.exec(read("shopify.app.toml"))?.[1]).toBe(API_VERSION);
  });

  it("is the one of the schema that types are generated from", () => {
    expect(existsSync(path.join(root, `schema/admin-${API_VERSION}.graphql.gz`))).toBe(true);
    expect(read("codegen.ts")).toContain("schema/admin-${API_VERSION}.graphql.gz");
  });

  it("is the one the simulated Shopify serves", () => {
    expect(simulatedVersion).toBe(API_VERSION);
  });

  it("is the one the client requests", () => {
    expect(read("app/shopify/api/client.server.ts")).toContain("apiVersion: API_VERSION");
  });
});
