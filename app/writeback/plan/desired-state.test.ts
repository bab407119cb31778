import { describe, expect, it } from "vitest";

import { desiredStateOf, type ScoredCustomer, without } from "./desired-state.ts";
import { ourTags, tierTag, tierTags } from "./tags.ts";

const score: ScoredCustomer = {
  clvTier: "high",
  buyTier: "low",
  expectedSpendMinor: 12_345.6,
  buyProbability: 0.42316,
  nextOrderFrom: "2026-12-01",
  nextOrderTo: "2027-01-15",
  scoredOn: null,
  spentMinor: "99900",
};
const options = { currencyDigits: 2, today: "2026-11-21", blocked: [] };

describe("the desired state", () => {
  it("has two tags and a value for each key", () => {
    expect(desiredStateOf(score, options)).toEqual({
      tags: ["clv:high", "buy:low"],
      values: {
        clv_tier: "high",
        buy_tier: "low",
        expected_spend: "123.46",
        buy_probability: "0.4232",
        next_order_from: "2026-12-01",
        next_order_to: "2027-01-15",
        scored_at: "2026-11-21",
      },
      spentMinor: "99900",
    });
  });

  it("has amounts in the decimals of the currency", () => {
    const spend = (currencyDigits: number) =>
      desiredStateOf(score, { ...options, currencyDigits }).values.expected_spend;
    expect([spend(0), spend(2), spend(3)]).toEqual(["12346", "123.46", "12.346"]);
  });

  it("has the score's own day, and no next order when none is expected", () => {
    const { values } = desiredStateOf(
      { ...score, scoredOn: "2026-11-14", nextOrderFrom: null, nextOrderTo: null },
      options,
    );
    expect(values.scored_at).toBe("2026-11-14");
    expect(Object.keys(values)).not.toContain("next_order_from");
    expect(Object.keys(values)).not.toContain("next_order_to");
  });

  it("leaves out keys that the merchant uses", () => {
    const { values } = desiredStateOf(score, { ...options, blocked: ["clv_tier", "scored_at"] });
    expect(Object.keys(values).sort()).toEqual([
      "buy_probability",
      "buy_tier",
      "expected_spend",
      "next_order_from",
      "next_order_to",
    ]);
    const kept = { clv_tier: "high", buy_tier: "low" };
    expect(without(kept, ["clv_tier"])).toEqual({ buy_tier: "low" });
    expect(kept).toEqual({ clv_tier: "high", buy_tier: "low" });
  });
});

describe("our tags", () => {
  it("are these eight", () => {
    expect([...tierTags].sort()).toEqual([
      ...["buy:high", "buy:low", "buy:moderate", "buy:new"],
      ...["clv:high", "clv:low", "clv:moderate", "clv:new"],
    ]);
    expect(tierTag("buy", "new")).toBe("buy:new");
    expect(ourTags(["BUY:NEW", "vip", "clv", "clv:"])).toEqual(["buy:new"]);
  });
});
