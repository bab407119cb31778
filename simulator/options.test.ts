import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { readOptions } from "#simulator/options.ts";

describe("the simulator's flags", () => {
  it("grant the scopes that the app requests by default", () => {
    const config = readFileSync("shopify.app.toml", "utf8");
    const asked = /^scopes = "(.*)"$/m.exec(config)?.[1]?.split(",") ?? [];
    // The file omits that scope until Shopify has granted it.
    expect(new Set(readOptions([], {}).app.scopes)).toEqual(new Set(asked).add("read_all_orders"));
    const withheld = readOptions(["--withhold-scopes", "read_all_orders,write_customers"], {});
    expect(withheld.app.scopes).toEqual(["read_orders", "read_customer_merge"]);
  });

  it("override the environment", () => {
    const env = { SIMULATOR_API_KEY: "from-env", SIMULATOR_APP_URL: "http://127.0.0.1:9" };
    const { app } = readOptions(["--api-key", "from-flag"], env);
    expect(app).toMatchObject({ apiKey: "from-flag", url: "http://127.0.0.1:9" });
  });

  it("define a custom app by its token and scopes", () => {
    expect(readOptions([], {}).customApp).toBeNull();
    const { customApp } = readOptions(["--custom-app-token", "shpat_mine"], {});
    expect(customApp).toMatchObject({
      token: "shpat_mine",
      scopes: ["write_orders", "write_customers"],
    });
  });

  it("define how forms of segment queries are handled", () => {
    const argv = ["--segment-form", "metafields=nobody", "--segment-form", "namedDates=refused"];
    expect(readOptions(argv, {}).segmentForms).toEqual({
      metafields: "nobody",
      relativeDates: "accepted",
      namedDates: "refused",
      absoluteDates: "accepted",
    });
  });

  it("open several shops", () => {
    expect(readOptions(["--shop", "cdnow", "--shop", "young"], {}).shops).toEqual([
      "cdnow",
      "young",
    ]);
  });

  it.each([
    [
      ["--plan", "gold"],
      "--plan gold: one of standard, advanced, plus, enterprise, partner-development",
    ],
    [["--port", "high"], "--port high: a number, zero or more"],
    [["--start", "yesterday"], "--start yesterday: an ISO date"],
    [
      ["--segment-form", "metafields=loved"],
      "--segment-form metafields=loved: metafields|relativeDates|namedDates|absoluteDates=accepted|refused|nobody|everybody",
    ],
    [
      ["--rotated-token-answer", "no"],
      "--rotated-token-answer no: one of invalid_request, invalid_grant",
    ],
  ])("are refused with the valid values: %j", (argv, message) => {
    expect(() => readOptions(argv, {})).toThrow(message);
  });
});
