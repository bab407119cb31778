import { describe, expect, it } from "vitest";

import {
  choosableAxes,
  customerAddress,
  isFiltered,
  listAddress,
  numberSearched,
  parseQuery,
  plainQuery,
  tiersOf,
  weekQuery,
} from "./customers-query.ts";

const read = (address: string) => parseQuery(new URLSearchParams(address));
const queryOf = (address: string) => {
  const query = read(address);
  if ("found" in query) throw new Error(`${query.found}: expected ${query.expected}`);
  return query;
};

describe("the address of a list", () => {
  it("says only what is not as usual, and is read again as what it was", () => {
    expect(listAddress(plainQuery("all"))).toBe("/app/customers");
    const addresses = [
      "view=due",
      "value=high%2Clow&likelihood=new&sort=last-order-asc",
      "view=likely&value=moderate&after=0%7E1250.5%7E7000",
      "view=week&week=2026-12-01&likelihood=high",
      "view=slipped&value=low",
      "before=1%7E-1e-7%7E90071992547409931",
    ];
    for (const address of addresses) {
      expect(listAddress(queryOf(address))).toBe(`/app/customers?${address}`);
    }
  });

  it("says nothing of what Shopify adds to it", () => {
    expect(queryOf("shop=a.myshopify.com&host=x&embedded=1&id_token=e")).toEqual(plainQuery("all"));
  });

  it("keeps a figure exactly, however many digits it has", () => {
    const place = { late: false, key: 1234.5678901234567, customerId: "7" };
    const query = { ...plainQuery("all"), page: { side: "after" as const, place } };
    expect(queryOf(listAddress(query).split("?")[1] ?? "").page?.place).toEqual(place);
  });

  it.each([
    ["view=everybody", "one of all, high-value"],
    ["view=week", "a day, such as"],
    ["view=week&week=2026-02-30", "a day, such as"],
    ["view=week&week=2026-13-01", "a day, such as"],
    ["sort=name-asc", "one of value-desc"],
    ["value=high,huge", "some of high,moderate,low,new"],
    ["view=due&likelihood=new", "some of high,moderate,low"],
    ["after=0~x~7", "a place in the list"],
    ["before=2~1~7", "a place in the list"],
    ["after=0~1~seven", "a place in the list"],
    ["after=0~1e999~7", "a place in the list"],
  ])("tells what is wrong with %s", (address, expected) => {
    expect(read(address)).toMatchObject({ expected: expect.stringContaining(expected) as string });
  });

  it("has a week only in the view of a week", () => {
    expect(queryOf("view=week&week=2026-12-01")).toEqual(weekQuery("2026-12-01"));
    expect(queryOf("view=due&week=soon").week).toBeNull();
  });

  it("leads to a customer and from there back", () => {
    const from = queryOf("view=due&after=0~1~7");
    const address = customerAddress("12", from);
    const list = new URL(address, "https://encore.example.com").searchParams.get("list") ?? "";
    expect(queryOf(list)).toEqual(from);
    expect(customerAddress("12", plainQuery("all"))).toBe("/app/customers/12?from=customers");
  });
});

describe("whose customers a list shows", () => {
  it("are those of the view that are in one of the chosen tiers", () => {
    expect(tiersOf(plainQuery("all"))).toEqual({
      clv: ["high", "moderate", "low", "new"],
      buy: ["high", "moderate", "low", "new"],
    });
    expect(tiersOf(queryOf("view=likely&value=low,high"))).toEqual({
      clv: ["high", "low"],
      buy: ["high"],
    });
    expect(tiersOf(plainQuery("due")).buy).toEqual(["high", "moderate", "low"]);
  });

  it("leaves no choice where a view is one tier itself", () => {
    expect(choosableAxes("high-value")).toEqual(["buy"]);
    expect(choosableAxes("new")).toEqual([]);
    expect(queryOf("view=high-value&value=low")).toEqual(plainQuery("high-value"));
  });

  it("is more than the view with a filter", () => {
    expect(isFiltered(plainQuery("slipping"))).toBe(false);
    expect(isFiltered(queryOf("view=slipping&value=low"))).toBe(true);
  });
});

describe("a search in a list", () => {
  const read = (text: string) => parseQuery(new URLSearchParams({ search: text }));

  it("is what was typed, in the address and back", () => {
    expect(read("  Harriet Appleby ")).toMatchObject({ search: "Harriet Appleby" });
    expect(read("   ")).toMatchObject({ search: null });
    const query = { ...plainQuery("likely"), search: "a & b" };
    const address = listAddress(query);
    expect(address).toBe("/app/customers?view=likely&search=a+%26+b");
    expect(parseQuery(new URL(address, "https://x").searchParams)).toEqual(query);
  });

  it("is refused when it is none, with what would be right", () => {
    expect(read("x".repeat(101))).toEqual({
      found: "x".repeat(100),
      expected: "up to 100 letters",
    });
    expect(read("a\0b")).toMatchObject({ expected: "up to 100 letters" });
  });

  it("is a customer's number or words", () => {
    expect(["42", "#42"].map(numberSearched)).toEqual(["42", "42"]);
    expect(["harriet", "#", "42a", "1".repeat(21)].map(numberSearched)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
