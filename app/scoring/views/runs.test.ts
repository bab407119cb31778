import { describe, expect, it } from "vitest";

import { newestFirst, type Run, SHOWN_RUNS } from "./runs.ts";

const run = (minute: number, kind: "score" | "weeks"): Run => {
  const at = new Date(Date.UTC(2026, 10, 1, 0, minute)).toISOString();
  const id = String(minute);
  return kind === "weeks"
    ? { kind, id, at, weeks: 1, from: "2026-10-01", to: "2026-10-01" }
    : { kind, id, at, horizonDays: 90, orders: 1, scored: null, unmet: 1 };
};

describe("the list of runs", () => {
  it("has runs of all kinds, newest first", () => {
    const runs = [run(3, "score"), run(1, "score"), run(2, "weeks")];
    expect(newestFirst(runs).runs.map(({ id }) => id)).toEqual(["3", "2", "1"]);
    expect(newestFirst(runs).more).toBe(false);
  });

  it("ends after thirty, and says so", () => {
    const runs = Array.from({ length: SHOWN_RUNS + 1 }, (_, minute) => run(minute, "score"));
    const shown = newestFirst(runs);
    expect(shown.more).toBe(true);
    expect(shown.runs.map(({ id }) => id)).not.toContain("0");
    expect(shown.runs).toHaveLength(SHOWN_RUNS);
  });
});
