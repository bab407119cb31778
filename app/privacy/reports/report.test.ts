import { describe, expect, it } from "vitest";

import { type HeldView, heldView, isEmpty } from "./report.ts";

const score = {
  clv_tier: "high",
  buy_tier: "low",
  buy_probability: 0.4,
  expected_spend_minor: 1200,
  spent_minor: 9900,
};
const order = { order_id: "1", day: "2026-01-02", amount_minor: 500, left_out: null };
const move = {
  axis: "clv",
  from_tier: "low",
  to_tier: "high",
  why: "order",
  as_of: "2026-03-01",
  reconstructed: false,
};
const nothing = {
  orders: [],
  scores: [],
  score_history: [],
  score_updates: [],
  tier_changes: [],
  written_states: [],
  excluded_customers: [],
};

const empty: HeldView = {
  orders: [],
  score: null,
  moves: [],
  written: [],
  earlierScores: 0,
  excluded: false,
};

describe("the view of what is held about a customer", () => {
  it("has all parts, latest first", () => {
    expect(
      heldView({
        orders: [
          order,
          { ...order, order_id: "2", day: "2026-02-02", left_out: "test" },
          { ...order, order_id: "3", day: "2026-03-02", left_out: "test", counted: true },
          { ...order, order_id: "4", day: "2026-04-02", counted: false },
        ],
        scores: [score],
        score_history: [{}, {}],
        score_updates: [{}],
        tier_changes: [
          move,
          { ...move, axis: "buy", why: "time", as_of: "2026-03-15", reconstructed: true },
        ],
        written_states: [
          {
            tags: ["clv:high"],
            clv_tier: "high",
            buy_tier: "low",
            expected_spend: "12.00",
            buy_probability: "0.4",
            next_order_from: "2026-04-01",
            next_order_to: null,
            scored_at: "2026-03-14",
            shop: "one.myshopify.com",
          },
        ],
        excluded_customers: [{}],
      }),
    ).toEqual({
      orders: [
        { id: "4", day: "2026-04-02", amountMinor: 500, counts: false },
        { id: "3", day: "2026-03-02", amountMinor: 500, counts: true },
        { id: "2", day: "2026-02-02", amountMinor: 500, counts: false },
        { id: "1", day: "2026-01-02", amountMinor: 500, counts: true },
      ],
      score: {
        clvTier: "high",
        buyTier: "low",
        buyProbability: 0.4,
        expectedSpendMinor: 1200,
        spentMinor: 9900,
      },
      moves: [
        {
          axis: "buy",
          from: "low",
          to: "high",
          why: "time",
          on: "2026-03-14",
          reconstructed: true,
        },
        {
          axis: "clv",
          from: "low",
          to: "high",
          why: "order",
          on: "2026-02-28",
          reconstructed: false,
        },
      ],
      written: [
        "clv:high",
        "clv_tier: high",
        "buy_tier: low",
        "expected_spend: 12.00",
        "buy_probability: 0.4",
        "next_order_from: 2026-04-01",
        "scored_at: 2026-03-14",
      ],
      earlierScores: 3,
      excluded: true,
    });
    const until = { tags: [], next_order_to: "2026-05-01" };
    expect(heldView({ ...nothing, written_states: [until] }).written).toEqual([
      "next_order_to: 2026-05-01",
    ]);
  });

  it("is empty for an empty report", () => {
    expect(heldView(nothing)).toEqual(empty);
  });

  it.each([
    { ...nothing, orders: undefined },
    { ...nothing, orders: [{ ...order, amount_minor: "5" }] },
    { ...nothing, orders: [{ ...order, order_id: 1 }] },
    { ...nothing, scores: [{ ...score, clv_tier: "best" }] },
    { ...nothing, scores: [{ ...score, spent_minor: null }] },
    { ...nothing, tier_changes: [{ ...move, axis: "love" }] },
    { ...nothing, tier_changes: [{ ...move, why: "luck" }] },
    { ...nothing, written_states: [{ tags: "clv:high" }] },
    { ...nothing, excluded_customers: {} },
    null,
  ])("refuses what is not a report (%#)", (held) => {
    expect(() => heldView(held)).toThrow();
  });
});

describe("a report", () => {
  it("is empty only when nothing is held", () => {
    expect(isEmpty(empty)).toBe(true);
    const view = heldView({ ...nothing, orders: [order], scores: [score], tier_changes: [move] });
    const parts: Partial<HeldView>[] = [
      { orders: view.orders },
      { score: view.score },
      { moves: view.moves },
      { written: ["clv:high"] },
      { earlierScores: 1 },
      { excluded: true },
    ];
    for (const part of parts) expect([part, isEmpty({ ...empty, ...part })]).toEqual([part, false]);
  });
});
