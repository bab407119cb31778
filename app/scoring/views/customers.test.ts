import { describe, expect, it } from "vitest";

import { listed, PAGE_ROWS, pageOf, type ScoredRow } from "./customers.ts";

function row(at: number, changes: Partial<ScoredRow> = {}): ScoredRow {
  return {
    customerId: String(at),
    expectedSpendMinor: 1_000 - at,
    buyProbability: 0.5,
    clvTier: "moderate",
    buyTier: "low",
    nextOrderFrom: "2026-12-01",
    nextOrderTo: "2027-01-15",
    lastOrder: "2026-11-12",
    clvFrom: null,
    buyFrom: null,
    clvOn: "2026-11-12",
    buyOn: "2026-11-02",
    late: false,
    key: 1_000 - at,
    ...changes,
  };
}

const rows = (count: number) => Array.from({ length: count }, (_, at) => row(at));
const place = (at: number) => ({ late: false, key: 1_000 - at, customerId: String(at) });
const from = (side: "after" | "before") => ({ side, place: place(7) });

describe("a page of the list", () => {
  it("ends where another begins only if there is more", () => {
    expect(pageOf(rows(PAGE_ROWS), null)).toMatchObject({ previous: null, next: null });
    const first = pageOf(rows(PAGE_ROWS + 1), null);
    expect(first?.rows).toHaveLength(PAGE_ROWS);
    expect(first?.next).toEqual(place(PAGE_ROWS - 1));
    expect(pageOf([], null)).toEqual({ rows: [], previous: null, next: null });
  });

  it("after a place has one before it", () => {
    expect(pageOf(rows(3), from("after"))).toMatchObject({ previous: place(0), next: null });
    expect(pageOf(rows(51), from("after"))).toMatchObject({ previous: place(0), next: place(49) });
  });

  it("before a place is read backwards", () => {
    const page = pageOf(rows(51), from("before"));
    expect(page?.rows.at(-1)?.customerId).toBe("0");
    expect(page).toMatchObject({ previous: place(49), next: place(0) });
    expect(pageOf(rows(50), from("before"))).toMatchObject({ previous: null, next: place(0) });
  });

  it("is none where the list has no such place any more", () => {
    expect(pageOf([], from("after"))).toBeNull();
    expect(pageOf(rows(12), from("before"))).toBeNull();
  });
});

describe("a customer of the list", () => {
  it("has figures, dates and the last move", () => {
    const moved = row(1, { clvFrom: "high", buyFrom: "moderate" });
    expect(listed(moved, "all")).toEqual({
      customerId: "1",
      tiers: { clv: "moderate", buy: "low" },
      expectedSpendMinor: 999,
      buyProbability: 0.5,
      nextOrder: { from: "2026-12-01", to: "2027-01-15" },
      lastOrder: "2026-11-12",
      moved: { axis: "clv", from: "high", on: "2026-11-12", direction: "fell" },
    });
    const later = listed({ ...moved, buyOn: "2026-11-13" }, "all");
    expect(later.moved).toMatchObject({ axis: "buy", on: "2026-11-13" });
    expect(listed(row(1), "all").moved).toBeNull();
  });

  it("has no figures on an axis on which it is new", () => {
    expect(listed(row(1, { clvTier: "new", buyTier: "new" }), "all")).toMatchObject({
      expectedSpendMinor: null,
      buyProbability: null,
      nextOrder: null,
    });
    expect(listed(row(1, { nextOrderTo: null }), "all").nextOrder).toBeNull();
  });

  it("rose, fell, or is no longer new", () => {
    const directionOf = (clvFrom: ScoredRow["clvFrom"], clvTier: ScoredRow["clvTier"]) =>
      listed(row(1, { clvFrom, clvTier }), "all").moved?.direction;
    expect(directionOf("low", "moderate")).toBe("rose");
    expect(directionOf("high", "low")).toBe("fell");
    expect(directionOf("new", "low")).toBe("grown");
  });

  it("that is listed for a move is shown with it, and not with a later one on the other axis", () => {
    const both = row(1, {
      clvFrom: "low",
      clvOn: "2026-11-20",
      buyFrom: "moderate",
      buyOn: "2026-11-03",
    });
    expect(listed(both, "slipping").moved).toMatchObject({ axis: "buy", on: "2026-11-03" });
    expect(listed(both, "likelihood-down").moved).toMatchObject({ axis: "buy" });
    expect(listed(both, "value-up").moved).toMatchObject({ axis: "clv", direction: "rose" });
    expect(listed(both, "all").moved).toMatchObject({ direction: "rose" });
  });
});
