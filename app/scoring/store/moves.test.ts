import { describe, expect, it } from "vitest";

import { type CurrentTiers, noCurrentTiers } from "#app/scoring/evaluation/current-tiers.ts";
import { type Tier, tiers } from "#engine";

import { countMoves } from "./moves.ts";

/** Customers with the same tier on both axes; null for one who is absent. */
function inTiers(...names: (Tier | null)[]): CurrentTiers {
  const current = noCurrentTiers(names.length);
  for (const [customer, name] of names.entries()) {
    if (name === null) continue;
    current.tier.clv[customer] = tiers.indexOf(name);
    current.tier.buy[customer] = tiers.indexOf(name);
  }
  return current;
}

describe("the moves of a run", () => {
  it("go up and down, without those who stay, come, or were new", () => {
    const before = inTiers("high", "high", "low", "moderate", "new", null, "low");
    const after = inTiers("high", "low", "high", "low", "high", "low", "new");
    const moves = { up: 1, down: 2 };
    expect(countMoves(before, after)).toEqual({ clv: moves, buy: moves });
  });
});
