import { describe, expect, it } from "vitest";

import { complaintsAbout, readEnv, rightPart } from "./env-variables.ts";

const good = {
  SHOPIFY_API_KEY: "key",
  SHOPIFY_API_SECRET: "a-real-secret",
  SHOPIFY_APP_URL: "https://encore.example/",
  DATABASE_URL: "postgresql://encore:hunter2@db.example/encore",
  TOKEN_KEYS: `now:${Buffer.alloc(32, 7).toString("base64")}`,
};

describe("the configuration", () => {
  it("has defaults", () => {
    expect(readEnv(good)).toMatchObject({
      NODE_ENV: "development",
      HOST: "127.0.0.1",
      LOG_LEVEL: "info",
      SHOPIFY_APP_URL: "https://encore.example",
    });
  });

  it("names every missing or wrong variable, and what is expected", () => {
    const bad = { SHOPIFY_API_KEY: "", SHOPIFY_APP_URL: "encore.example", PORT: "many" };
    expect(() => readEnv(bad)).toThrow(/SHOPIFY_API_KEY is not set: the app's client id/);
    expect(() => readEnv(bad)).toThrow(/DATABASE_URL is not set: postgresql:/);
    expect(() => readEnv(bad)).toThrow(/SHOPIFY_APP_URL is "encore.example": expected an http/);
    expect(() => readEnv(bad)).toThrow(/TOKEN_KEYS is not set: what encrypts access tokens/);
    expect(() => readEnv(bad)).toThrow(/PORT is "many"/);
  });

  it("never prints a secret", () => {
    const bad = { ...good, DATABASE_URL: "mysql://encore:hunter2@db.example/encore" };
    expect(() => readEnv(bad)).toThrow(/DATABASE_URL is a value \(not shown\)/);
    expect(() => readEnv(bad)).not.toThrow(/hunter2/);
    const keys = { ...good, TOKEN_KEYS: "now:c2hvcnQ=" };
    expect(() => readEnv(keys)).toThrow(
      /TOKEN_KEYS is a value \(not shown\): key 1 \(now\) has 5 bytes instead of 32/,
    );
    expect(() => readEnv(keys)).not.toThrow(/c2hvcnQ/);
  });

  it("refuses to point an app with a real secret at a simulated Shopify", () => {
    const simulated = { ...good, SIMULATED_SHOPIFY_URL: "http://127.0.0.1:4567" };
    expect(() => readEnv(simulated)).toThrow(/does not begin with "simulated-"/);
    expect(() => readEnv(simulated)).not.toThrow(/a-real-secret/);
    expect(
      readEnv({ ...simulated, SHOPIFY_API_SECRET: "simulated-secret" }).SIMULATED_SHOPIFY_URL,
    ).toBe("http://127.0.0.1:4567");
  });

  it("has complaints by variable, and a usable valid part", () => {
    const bad = { ...good, SHOPIFY_API_SECRET: "", TOKEN_KEYS: "now", PORT: "3000" };
    expect(complaintsAbout(bad)).toEqual([
      {
        name: "SHOPIFY_API_SECRET",
        found: "not set",
        right: expect.stringContaining("client secret") as string,
      },
      {
        name: "TOKEN_KEYS",
        found: "a value (not shown)",
        right: "key 1 is not written as id:base64",
      },
    ]);
    const right = rightPart(bad);
    expect(right).toMatchObject({ PORT: 3000, LOG_LEVEL: "info", SHOPIFY_API_KEY: "key" });
    expect(right).not.toHaveProperty("TOKEN_KEYS");
    expect(right).not.toHaveProperty("SHOPIFY_API_SECRET");
    expect(complaintsAbout(good)).toEqual([]);
  });
});
