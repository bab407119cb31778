import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { ApiVersion } from "@shopify/shopify-api";
import { describe, expect, it } from "vitest";

import { closeDatabase } from "#app/lib/db.server.ts";
import { shopDomain } from "#app/lib/ids.ts";
import { adminClient } from "#app/shopify/api/client.server.ts";
import { API_VERSION } from "#app/shopify/api-version.ts";
import { api } from "#app/shopify/library.server.ts";
import { readShop } from "#app/shopify/resources/shop.server.ts";
import { apiVersion as simulatedVersion } from "#simulator/graphql/schema.ts";

import { FakeShopify, giveSession } from "./fake-shopify.ts";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

describe("the Admin API version", () => {
  it("is one that Shopify's library knows", () => {
    expect(Object.values(ApiVersion)).toContain(API_VERSION);
  });

  it("is the one the library is set to", () => {
    expect(api.config.apiVersion).toBe(API_VERSION);
  });

  it("is the one in shopify.app.toml", () => {
    expect(/^api_version = "(.+)"$/m.exec(read("shopify.app.toml"))?.[1]).toBe(API_VERSION);
  });

  it("is the one of the schema that types are generated from", () => {
    expect(existsSync(path.join(root, `schema/admin-${API_VERSION}.graphql.gz`))).toBe(true);
  });

  it("is the one the simulated Shopify serves", () => {
    expect(simulatedVersion).toBe(API_VERSION);
  });

  it("is the one in the address of every call", async () => {
    const shop = shopDomain("one.myshopify.com");
    const fake = await new FakeShopify().start();
    const paths: (string | undefined)[] = [];
    fake.answers.set("EncoreShop", (_, request) => {
      paths.push(request.url);
      return { errors: [{ message: "no shop" }] };
    });
    await giveSession(shop);
    await expect(readShop(adminClient(shop))).rejects.toThrow();
    expect(paths).toEqual([`/admin/api/${API_VERSION}/graphql.json`]);
    await fake.stop();
    await closeDatabase();
  });
});
