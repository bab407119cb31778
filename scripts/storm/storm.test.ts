import { describe, expect, it } from "vitest";

import { faultKinds, FaultSource } from "#simulator/faults.ts";

import { complaintsOf, type StormReport } from "./storm.ts";

const passed: StormReport = {
  happened: { order: 40 },
  faults: Object.fromEntries(faultKinds.map((kind) => [kind, 2])) as StormReport["faults"],
  kills: { worker: 3, web: 1, database: 1 },
  endedByThemselves: { web: 0 },
  judged: { scored: 3 },
  compared: { rows: 1000 },
  differences: [],
  people: [],
  seconds: {},
};

describe("the result of a storm", () => {
  it("has no complaints if everything is as expected", () => {
    expect(complaintsOf(passed)).toEqual([]);
  });

  it.each(faultKinds)("fails when %s never happened", (kind) => {
    expect(new FaultSource().kinds[kind].fired).toBe(0);
    const faults = { ...passed.faults, [kind]: 0 };
    expect(complaintsOf({ ...passed, faults })).toEqual([
      `${kind} never struck: the storm says nothing about it`,
    ]);
  });

  it.each(["worker", "web", "database"] as const)("fails without a kill of a %s", (what) => {
    const kills = { ...passed.kills, [what]: 0 };
    expect(complaintsOf({ ...passed, kills })).toEqual([
      `kill of ${what} never struck: the storm says nothing about it`,
    ]);
  });

  it("fails when no shop was scored, or something differs", () => {
    const judged = { scored: 0, "refused for skill": 3 };
    const differences = [{ shop: "one", what: "orders", detail: "7 is missing" }];
    expect(complaintsOf({ ...passed, judged, differences })).toEqual([
      "no shop is scored: there were no tiers to compare",
      "one, orders: 7 is missing",
    ]);
  });
});
