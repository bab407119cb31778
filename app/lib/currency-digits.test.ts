import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { currencyDigits, digitsStored, isKnownCurrency } from "./money.ts";

function currenciesOfShopify(): string[] {
  const schema = gunzipSync(readFileSync("schema/admin-2026-10.graphql.gz")).toString("utf8");
  const [body = ""] = /^enum CurrencyCode \{.*?^\}/ms.exec(schema) ?? [];
  return [...body.matchAll(/^ {2}([A-Z]{3,})\b/gm)].map(([, code]) => code!);
}

describe("the digits of currencies", () => {
  it("are listed for each currency of Shopify", () => {
    const currencies = currenciesOfShopify();
    expect(currencies.length).toBeGreaterThan(150);
    expect(currencies.filter((code) => !isKnownCurrency(code))).toEqual([]);
  });

  it("are those of ISO 4217, even where the runtime differs", () => {
    const digits = ["EUR", "JPY", "KWD", "HUF", "COP", "IDR", "IQD", "ISK", "UGX"];
    expect(digits.map(currencyDigits)).toEqual([2, 0, 3, 2, 2, 2, 3, 0, 0]);
  });

  it("do not depend on the runtime", () => {
    const { NumberFormat } = Intl;
    Intl.NumberFormat = undefined as unknown as typeof NumberFormat;
    try {
      expect(currencyDigits("HUF")).toBe(2);
    } finally {
      Intl.NumberFormat = NumberFormat;
    }
  });

  it("are two for an unknown currency", () => {
    expect(isKnownCurrency("QQQ")).toBe(false);
    expect(currencyDigits("QQQ")).toBe(2);
  });
});

describe("the digits in which amounts were stored", () => {
  it("are the recorded ones", () => {
    expect(digitsStored("EUR", 3)).toBe(3);
    expect(digitsStored("HUF", 0)).toBe(0);
  });

  it("are known without a record, unless runtimes differ", () => {
    expect([digitsStored("EUR", null), digitsStored("JPY", null)]).toEqual([2, 0]);
    expect([digitsStored("HUF", null), digitsStored("IQD", null)]).toEqual([null, null]);
  });

  it("are disputed for each currency for which this runtime differs", () => {
    const { NumberFormat } = Intl;
    const digitsOfRuntime = (currency: string) =>
      new NumberFormat("en", { style: "currency", currency }).resolvedOptions()
        .maximumFractionDigits;
    const differing = currenciesOfShopify()
      .filter((code) => code.length === 3 && digitsOfRuntime(code) !== currencyDigits(code))
      .filter((code) => digitsStored(code, null) !== null);
    expect(differing).toEqual([]);
  });
});
