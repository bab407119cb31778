import { describe, expect, it } from "vitest";

import { judgedWeek } from "#tests/setup/judged.ts";

import { trustOf } from "./trust.ts";

const days = ["2026-08-30", "2026-08-23", "2026-08-16", "2026-08-09", "2026-08-02"];
const weeks = (change: Parameters<typeof judgedWeek>[1]) =>
  days.map((day) => judgedWeek(day, change));

describe("how far predictions are to be believed", () => {
  it("is not known before a week was judged", () => {
    expect(trustOf([])).toEqual({ state: "untested", weeks: 0, skill: null, level: null });
  });

  it("is good where likelihoods told more than the average and their sum was about right", () => {
    const trust = trustOf(weeks({}));
    expect(trust).toMatchObject({ state: "good", weeks: 4 });
    expect(trust.level).toEqual({ buyers: 1, spend: 820_000 / 790_000 });
    expect(trust.skill).toBeCloseTo(1 - 0.5 / 0.61, 12);
  });

  it("says that the level is off from a quarter on, either way, of buyers or of spend", () => {
    const off = 1.25;
    for (const [expected, actual] of [
      ["expectedBuyers", 60],
      ["expectedSpend", 790_000],
    ] as const) {
      expect(trustOf(weeks({ [expected]: actual * off * 0.99 })).state).toBe("good");
      expect(trustOf(weeks({ [expected]: actual * off * 1.01 })).state).toBe("level");
      expect(trustOf(weeks({ [expected]: (actual / off) * 0.99 })).state).toBe("level");
    }
  });

  it("is weak below the skill that the gate asks for, and off below none", () => {
    expect(trustOf(weeks({ logLoss: 0.61 * 0.981 })).state).toBe("weak");
    expect(trustOf(weeks({ logLoss: 0.61 * 0.979 })).state).toBe("good");
    expect(trustOf(weeks({ logLoss: 0.62 })).state).toBe("off");
    expect(trustOf(weeks({ buyers: 0, baseLogLoss: 0 })).state).toBe("off");
  });

  it("rests on the newest four weeks, larger ones counting for more", () => {
    const [first, ...rest] = weeks({});
    const bad = judgedWeek(days[0], { logLoss: 0.9 });
    expect(trustOf([bad, ...rest]).skill).toBeCloseTo(1 - (0.9 + 1.5) / (4 * 0.61), 12);
    expect(trustOf([first, ...rest.slice(0, 3), bad]).state).toBe("good");
    const large = judgedWeek(days[0], { logLoss: 0.9, customers: 20_000 });
    expect(trustOf([large, ...rest]).state).toBe("off");
  });
});
