import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { buildSchema, NoDeprecatedCustomRule, parse, specifiedRules, validate } from "graphql";
import { describe, expect, it } from "vitest";

import { API_VERSION } from "#app/shopify/api-version.ts";

const root = path.resolve(import.meta.dirname, "../..");
const packed = readFileSync(path.join(root, `schema/admin-${API_VERSION}.graphql.gz`));
const schema = buildSchema(gunzipSync(packed).toString("utf8"), { assumeValid: true });

type Operation = { file: string; name: string; source: string };

function operations(): Operation[] {
  return readdirSync(path.join(root, "app"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.|^generated/.test(file))
    .flatMap((file) => {
      const text = readFileSync(path.join(root, "app", file), "utf8");
      return [...text.matchAll(/`#graphql\n([^`]*)`/g)].map(([, source = ""]) => ({
        file,
        name: /(?:query|mutation)\s+(\w+)/.exec(source)?.[1] ?? "",
        source,
      }));
    });
}

describe("the operations of the app", () => {
  const all = operations();

  it.each(all)("$name in $file is valid and uses nothing deprecated", ({ source }) => {
    const errors = validate(schema, parse(source), [...specifiedRules, NoDeprecatedCustomRule]);
    expect(errors.map((error) => error.message)).toEqual([]);
  });

  it("are all in app/shopify, each with a unique name", () => {
    expect(all.length).toBeGreaterThan(10);
    expect(all.filter(({ file }) => !file.startsWith("shopify/"))).toEqual([]);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });
});
