import { globSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { errorCodes } from "#app/lib/errors.ts";
import { failureCodes } from "#app/writeback/plan/failure-codes.ts";

import en from "./en.json" with { type: "json" };
import fr from "./fr.json" with { type: "json" };

type Texts = { [key: string]: string | Texts };

function flatten(texts: Texts, prefix = ""): Map<string, string> {
  const flat = Object.entries(texts).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[prefix + key, value]] : [...flatten(value, `${prefix}${key}.`)],
  );
  return new Map(flat);
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{\s*([^}]*?)\s*\}\}/g)].map((match) => match[1]!).sort();
}

const english = flatten(en);
const french = flatten(fr);

/** Keys without plural suffixes, as in code. */
const keys = new Set([...english.keys()].map((key) => key.replace(/_(zero|one|other)$/, "")));

/** The arguments of t() in code: keys, or template literals with computed parts. */
function usedPatterns(): string[] {
  const files = globSync("app/**/*.{ts,tsx}").filter((file) => !/\.test\.tsx?$/.test(file));
  return files.flatMap((file) => {
    const source = readFileSync(file, "utf8");
    return [...source.matchAll(/\bt\(\s*(["`])([^"`]+)\1/g)].map((match) => match[2]!);
  });
}

function toRegExp(pattern: string): RegExp {
  const parts = pattern.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(".", "\\."));
  return new RegExp(`^${parts.join("[^.]+")}$`);
}

describe("both languages", () => {
  it("have the same keys", () => {
    expect([...french.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it("have the same placeholders in each text", () => {
    for (const [key, text] of english) {
      expect({ key, has: placeholders(french.get(key) ?? "") }).toEqual({
        key,
        has: placeholders(text),
      });
    }
  });

  it("have both plural forms of each text with a count", () => {
    for (const key of english.keys()) {
      if (key.endsWith("_one")) expect(english.has(key.replace(/_one$/, "_other"))).toBe(true);
      if (key.endsWith("_other")) expect(english.has(key.replace(/_other$/, "_one"))).toBe(true);
    }
  });

  it("have no empty texts and no straight apostrophes", () => {
    for (const text of [...english.values(), ...french.values()]) {
      expect(text.trim()).not.toBe("");
      expect(text).not.toMatch(/['"]|\.\.\./);
    }
  });
});

describe("French typography", () => {
  it("has a narrow no-break space before ; ! ? and », and after «", () => {
    for (const text of french.values()) {
      expect(text).not.toMatch(/[^\u202f][;!?»]/);
      expect(text).not.toMatch(/«[^\u202f]/);
    }
  });

  it("has one before each punctuation colon", () => {
    for (const text of french.values()) expect(text).not.toMatch(/[^\u202f]:(\s|$)/);
  });

  it("addresses the merchant as vous", () => {
    for (const text of french.values()) {
      expect(text).not.toMatch(/(^|\s)(tu|ton|ta|tes|toi)(\s|$)/i);
    }
  });
});

describe("the texts and the code", () => {
  const patterns = usedPatterns();

  it("match: every key used in code exists", () => {
    expect(patterns.length).toBeGreaterThan(50);
    for (const pattern of patterns) {
      const matching = [...keys].filter((key) => toRegExp(pattern).test(key));
      expect({ pattern, exists: matching.length > 0 }).toEqual({ pattern, exists: true });
    }
  });

  it("match: every text is used", () => {
    const unused = [...keys].filter((key) => !patterns.some((used) => toRegExp(used).test(key)));
    expect(unused).toEqual([]);
  });

  it("have a message for each error code", () => {
    for (const code of [...errorCodes, ...failureCodes])
      expect(keys.has(`errors.${code}`)).toBe(true);
  });
});
