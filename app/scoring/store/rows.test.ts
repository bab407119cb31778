import { describe, expect, it } from "vitest";

import { ABSENT, type CurrentTiers } from "#app/scoring/evaluation/current-tiers.ts";
import type { Scores, Summary } from "#engine";

import {
  changeColumns,
  changeLines,
  historyColumns,
  historyLines,
  scoreColumns,
  type ScoredStore,
  scoreLines,
} from "./rows.ts";
import { addTo, emptySums, gridOf, rowsOf, sumsOf } from "./totals.ts";

const summary: Summary = {
  customers: 3,
  index: Int32Array.of(0, 2, 3),
  frequency: Int32Array.of(2, 0, 6),
  recencyDays: Int32Array.of(30, 0, 300),
  ageDays: Int32Array.of(40, 1, 310),
  // A third of 1000 and a seventh of 999: the spend must be recovered in whole units.
  meanSpend: Float64Array.of(1000 / 3, 500, 999 / 7),
};
const scores: Scores = {
  buyProbability: Float64Array.of(0.5, 0.25, 0.75),
  expectedOrders: Float64Array.of(1, 0.5, 2),
  expectedSpend: Float64Array.of(300.4, 250.2, 285.4),
  nextOrderFromDay: Int32Array.of(20_800, -1, 20_810),
  nextOrderToDay: Int32Array.of(20_830, -1, 20_850),
  clvTier: Uint8Array.of(1, 3, 0),
  buyTier: Uint8Array.of(1, 3, 0),
};
const [HIGH, MODERATE, LOW, NEW] = [0, 1, 2, 3];
/** Customer 0 keeps the high value tier although the plain tier is moderate. */
const currentTiers: CurrentTiers = {
  tier: {
    clv: Uint8Array.of(HIGH, ABSENT, NEW, HIGH),
    buy: Uint8Array.of(MODERATE, ABSENT, NEW, HIGH),
  },
  from: {
    clv: Uint8Array.of(LOW, ABSENT, ABSENT, MODERATE),
    buy: Uint8Array.of(LOW, ABSENT, ABSENT, ABSENT),
  },
  sinceDay: { clv: Int32Array.of(20_700, 0, 20_778, 20_779), buy: Int32Array.of(20_779, 0, 1, 2) },
  frequency: Int32Array.of(2, 0, 0, 6),
  spentMinor: Float64Array.of(1000, 0, 500, 999),
};
const before: CurrentTiers = {
  tier: {
    clv: Uint8Array.of(HIGH, ABSENT, ABSENT, MODERATE),
    buy: Uint8Array.of(LOW, ABSENT, ABSENT, HIGH),
  },
  from: {
    clv: Uint8Array.of(LOW, ABSENT, ABSENT, ABSENT),
    buy: Uint8Array.of(ABSENT, ABSENT, ABSENT, ABSENT),
  },
  sinceDay: { clv: Int32Array.of(20_700, 0, 0, 20_000), buy: Int32Array.of(20_000, 0, 0, 2) },
  frequency: Int32Array.of(2, 0, 0, 5),
  spentMinor: Float64Array.of(1000, 0, 0, 800),
};
const store: ScoredStore = {
  shop: "a.myshopify.com",
  runId: "run",
  asOfDay: 20_779,
  reconstructed: true,
  summary,
  scores,
  intervals: {
    low: Float64Array.of(0, 0, 100.5),
    high: Float64Array.of(900, 600.25, 700),
    lowIfAny: Float64Array.of(10.5, 20, 120),
    highIfAny: Float64Array.of(950, 700, 720),
  },
  rescored: false,
  chosen: false,
  shown: before,
  currentTiers,
  customerIds: ["11", "12", "13", "14"],
};

function table(lines: Generator<string>): string[][] {
  return [...lines]
    .join("")
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
}

describe("rows for the database", () => {
  it("have a value for each column", () => {
    const rows = table(scoreLines(store));
    expect(rows.map((row) => row[1])).toEqual(["11", "13", "14"]);
    expect(rows.every((row) => row.length === scoreColumns.length)).toBe(true);
    expect(rows[0]?.slice(3)).toEqual(
      ["2", "30", "40", String(1000 / 3), "1000", "0.5", "1", "300.4", "0", "900"].concat([
        "10.5",
        "950",
        "2026-12-13",
        "2027-01-12",
        "high",
        "moderate",
        "2026-09-04",
        "2026-11-22",
        "2026-11-22",
        "false",
        // Of the moves to the tiers, only the one of the last thirty days is remembered.
        "\\N",
        "low",
      ]),
    );
  });

  it("have NULL when no next order is expected", () => {
    const [, row = []] = table(scoreLines(store));
    expect(row.slice(15, 17)).toEqual(["\\N", "\\N"]);
  });

  it("have as-of day and reconstruction in the history", () => {
    const rows = table(historyLines(store));
    expect(rows.every((row) => row.length === historyColumns.length)).toBe(true);
    expect(rows[2]).toEqual(
      ["a.myshopify.com", "2026-11-22", "14", "6", "300", "310", String(999 / 7)].concat([
        "0.75",
        "285.4",
        "high",
        "high",
        "2026-11-22",
        "1970-01-03",
        "high",
        "high",
        "true",
        ...["\\N", "\\N", "\\N", "\\N", "\\N", "\\N", "\\N"],
        ...["\\N", "\\N"],
      ]),
    );
  });

  it("have what Shopify said of the customer, by the customer's index", () => {
    const rfm = new Int16Array(20).fill(-1);
    rfm[store.summary.index[1]] = 6;
    const spend = new Int16Array(20).fill(-1);
    const rows = table(historyLines({ ...store, groups: { rfm, spend } }));
    const place = historyColumns.indexOf("shopify_rfm");
    expect(rows.map((row) => row[place])).toEqual(["\\N", "6", "\\N"]);
    expect(rows[1][historyColumns.indexOf("shopify_spend")]).toBe("\\N");
  });

  it("have the plain tier beside the current one", () => {
    const [row = []] = table(historyLines(store));
    const of = (column: (typeof historyColumns)[number]) => row[historyColumns.indexOf(column)];
    expect([of("clv_tier"), of("clv_plain_tier")]).toEqual(["high", "moderate"]);
  });

  it("have the changes of tiers, with reasons", () => {
    const rows = table(changeLines(store, new Date("2026-11-21T09:00:00Z"), "by"));
    expect(rows.every((row) => row.length === changeColumns.length)).toBe(true);
    expect(rows.map((row) => row.slice(2, 7))).toEqual([
      ["11", "buy", "low", "moderate", "store"],
      ["14", "clv", "moderate", "high", "order"],
    ]);
    expect(rows[0]?.slice(7)).toEqual(["2026-11-22", "2026-11-21T09:00:00.000Z", "true"]);
  });

  it("are complete over several pieces", () => {
    const many = 4_500;
    const wide: Summary = {
      customers: many,
      index: new Int32Array(many),
      frequency: new Int32Array(many),
      recencyDays: new Int32Array(many),
      ageDays: new Int32Array(many),
      meanSpend: new Float64Array(many),
    };
    const flat: Scores = {
      buyProbability: new Float64Array(many),
      expectedOrders: new Float64Array(many),
      expectedSpend: new Float64Array(many),
      nextOrderFromDay: new Int32Array(many),
      nextOrderToDay: new Int32Array(many),
      clvTier: new Uint8Array(many),
      buyTier: new Uint8Array(many),
    };
    const none = new Float64Array(many);
    const lines = scoreLines({
      ...store,
      summary: wide,
      scores: flat,
      intervals: { low: none, high: none, lowIfAny: none, highIfAny: none },
    });
    expect(table(lines)).toHaveLength(many);
  });
});

describe("totals by tier", () => {
  it("count each customer once per axis, with spend in whole minor units", () => {
    const totals = rowsOf(sumsOf({ summary, scores, currentTiers }));
    expect(totals.customers).toBe(3);
    expect(totals.axes.clv).toEqual([
      {
        tier: "high",
        customers: 2,
        expectedSpendMinor: 586,
        spentMinor: 1999,
        meanProbability: 0.625,
      },
      {
        tier: "moderate",
        customers: 0,
        expectedSpendMinor: 0,
        spentMinor: 0,
        meanProbability: null,
      },
      { tier: "low", customers: 0, expectedSpendMinor: 0, spentMinor: 0, meanProbability: null },
      {
        tier: "new",
        customers: 1,
        expectedSpendMinor: 250,
        spentMinor: 500,
        meanProbability: 0.25,
      },
    ]);
    expect(totals.axes.buy.map((row) => row.customers)).toEqual([1, 1, 0, 1]);
  });

  it("by both tiers at once count each customer in one cell", () => {
    const sums = sumsOf({ summary, scores, currentTiers });
    const filled = gridOf(sums)!.filter(({ customers }) => customers > 0);
    expect(filled.map(({ clv, buy, customers }) => [clv, buy, customers])).toEqual([
      ["high", "high", 1],
      ["high", "moderate", 1],
      ["new", "new", 1],
    ]);
    expect(filled.reduce((sum, cell) => sum + cell.expectedSpendMinor, 0)).toBe(835);
    expect(gridOf({ ...sums, grid: emptySums().grid })).toBeNull();
  });

  it("are zero again after subtracting the same customers in any order", () => {
    const sums = emptySums();
    const some = Array.from({ length: 50 }, (_, index) => ({
      tier: { clv: index % 4, buy: index % 3 },
      expectedSpend: 0.1 * index,
      spent: 7 * index,
      probability: index / 51,
    }));
    for (const one of some) addTo(sums, one);
    for (const one of some.toReversed()) addTo(sums, one, -1);
    expect(sums).toEqual(emptySums());
  });
});
