import { describe, expect, it } from "vitest";

import { defaultTierOptions } from "#engine";

import {
  choiceOf,
  defaultTierChoice,
  optionsOf,
  parseTierChoice,
  type TierChoice,
  tierLimits,
} from "./tier-settings.ts";

function parse(changes: Partial<Record<keyof TierChoice, string>>) {
  const typed = { buyHigh: "2", buyLow: "0.5", clvHigh: "50", clvModerate: "40", ...changes };
  return parseTierChoice((field) => typed[field]);
}

describe("a choice of tiers", () => {
  it("is by default that of the engine, exactly", () => {
    expect(optionsOf(defaultTierChoice)).toEqual(defaultTierOptions);
    expect(choiceOf(undefined)).toEqual(defaultTierChoice);
    expect(parse({})).toEqual(defaultTierChoice);
  });

  it("is shown as it was chosen, for every share", () => {
    const { min, step } = tierLimits.clvHigh;
    for (let clvHigh = min; clvHigh <= 90; clvHigh += step) {
      for (let clvModerate = min; clvHigh + clvModerate <= 95; clvModerate += step) {
        const choice = { buyHigh: 3.25, buyLow: 0.15, clvHigh, clvModerate };
        expect(choiceOf(optionsOf(choice))).toEqual(choice);
      }
    }
  });

  it.each([
    { buyHigh: "" },
    { buyHigh: "much" },
    { buyHigh: "1" },
    { buyHigh: "Infinity" },
    { buyLow: "1" },
    { buyLow: "0" },
    { clvHigh: "50.5" },
    { clvHigh: "4" },
    { clvHigh: "60", clvModerate: "40" },
  ])("is refused outside the limits: %j", (changes) => {
    expect(parse(changes)).toBeNull();
  });
});
