import { readFileSync } from "node:fs";
import path from "node:path";

import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";

import { complaintsAbout } from "#app/lib/env-variables.ts";

import { appConfigPath, parseAppConfig } from "./app-config.ts";
import { checkIdentity } from "./identity.ts";
import { checkAskedScopes } from "./scopes.ts";
import { checkSubscriptions } from "./subscriptions.ts";

const root = path.resolve(import.meta.dirname, "../..");
const files = ["shopify.app.toml", "shopify.app.development.toml"];
const text = (name: string) => readFileSync(path.join(root, name), "utf8");
/** With the scope that a file omits until Shopify has granted it. */
const read = (name: string) =>
  text(name).replace(/^scopes = "read_orders,(?!read_all_orders)/m, "$&read_all_orders,");

describe("the files of the repository", () => {
  it("differ only in the values that identify the app", () => {
    const [production, development] = files.map((name) => {
      const { name: title, client_id, application_url, auth, build, ...rest } = parse(read(name));
      expect([title, client_id, application_url, auth]).not.toContain(undefined);
      return { rest, build };
    });
    expect(development?.rest).toEqual(production?.rest);
    expect(production?.build).toBeUndefined();
    expect(development?.build).toEqual({ automatically_update_urls_on_dev: true });
  });

  it.each(files)("%s needs only the values that identify the app", (name) => {
    const config = { ...parseAppConfig(read(name)), name };
    const filled = {
      ...config,
      client_id: "a".repeat(32),
      application_url: "https://encore.shop",
      auth: { redirect_urls: ["https://encore.shop/auth/callback"] },
    };
    const env = { SHOPIFY_API_KEY: "a".repeat(32), SHOPIFY_APP_URL: "https://encore.shop" };
    expect([
      ...checkIdentity(filled, env),
      ...checkAskedScopes(filled, undefined),
      ...checkSubscriptions(filled),
    ]).toEqual([
      expect.objectContaining({ mark: "ok", about: name }),
      expect.objectContaining({ mark: "ok", about: "Scopes" }),
      expect.objectContaining({ mark: "ok", about: "Webhooks" }),
    ]);
    const blank = { ...filled, client_id: "", application_url: "https://encore.example" };
    const found = checkIdentity(blank, env).map((finding) => finding.found);
    expect(found[0]).toBe("client_id is empty");
    expect(found.at(-1)).toMatch(/^redirect_urls has/);
  });
});

describe.each(["README.md", "docs/install.md"])("%s", (file) => {
  it("names every value that has to be filled in", () => {
    const variables = complaintsAbout({}).map(({ name }) => name);
    expect(variables.length).toBeGreaterThan(4);
    for (const value of [...variables, "client_id", "application_url", "redirect_urls"]) {
      expect(text(file)).toContain(`\`${value}\``);
    }
  });
});

describe("a configuration", () => {
  it("is named as Shopify's CLI names it", () => {
    expect(appConfigPath("development", "/srv")).toBe("/srv/shopify.app.development.toml");
    expect(appConfigPath("shopify.app.toml", "/srv")).toBe("/srv/shopify.app.toml");
    expect(appConfigPath("/etc/encore/shopify.app.toml", "/srv")).toBe(
      "/etc/encore/shopify.app.toml",
    );
  });

  it("with Shopify's former way of requesting scopes is reported", () => {
    const legacy = read("shopify.app.toml").replace(
      "[access_scopes]",
      "[access_scopes]\nuse_legacy_install_flow = true",
    );
    const config = { ...parseAppConfig(legacy), name: "shopify.app.toml" };
    expect(checkAskedScopes(config, undefined)).toMatchObject([
      { mark: "wrong", found: "use_legacy_install_flow is true" },
    ]);
    const limited = parseAppConfig(read("shopify.app.toml").replace("read_all_orders,", ""));
    expect(checkAskedScopes({ ...limited, name: "x" }, undefined)).toMatchObject([
      { mark: "warn", found: expect.stringContaining("60 days") as string },
    ]);
  });

  it("of another format is refused with the field's name", () => {
    expect(() => parseAppConfig("client_id = 7")).toThrow(/^client_id: .*string/);
    expect(() => parseAppConfig("[auth]\nredirect_urls = 'x'")).toThrow(/^auth\.redirect_urls: /);
  });
});
