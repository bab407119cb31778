import { describe, expect, it } from "vitest";

import { CallLine, type Need, type Priority } from "./throttle.ts";

/** A budget that refills while callers sleep, with a list of the points taken. */
function budget(points: number, perSecond: number) {
  const taken: string[] = [];
  const state = { points, slept: 0 };
  const line = new CallLine(
    async ({ first, all }: Need, priority: Priority) => {
      await Promise.resolve();
      const missing = first - state.points;
      if (missing > 0) return { points: 0, waitMs: Math.ceil((missing / perSecond) * 1000) };
      const points = Math.max(first, Math.min(all, Math.floor(state.points)));
      state.points -= points;
      taken.push(`${priority} ${points}`);
      return { points, waitMs: 0 };
    },
    async (milliseconds) => {
      await Promise.resolve();
      state.slept += milliseconds;
      state.points += (milliseconds / 1000) * perSecond;
    },
  );
  return { line, taken, state };
}

describe("the queue of calls", () => {
  it("admits a call at once while there are points", async () => {
    const { line, state } = budget(100, 100);
    await line.pass(100, "background");
    expect(state).toEqual({ points: 0, slept: 0 });
  });

  it("waits until the missing points are restored, and little longer", async () => {
    const { line, state } = budget(0, 100);
    await line.pass(300, "background");
    expect(state.slept).toBeGreaterThanOrEqual(3000);
    expect(state.slept).toBeLessThan(3600);
  });

  it("is first in, first out, so that cheap calls do not overtake an expensive one", async () => {
    const { line } = budget(0, 1000);
    const served: number[] = [];
    const pass = async (cost: number) => {
      await line.pass(cost, "background");
      served.push(cost);
    };
    await Promise.all([400, 11, 12].map(pass));
    expect(served).toEqual([400, 11, 12]);
  });

  it("takes points for several calls together, and no more than they need", async () => {
    const { line, taken, state } = budget(1000, 1);
    await Promise.all([1, 10, 20, 30].map((cost) => line.pass(cost, "background")));
    expect(taken).toEqual(["background 1", "background 60"]);
    expect(state.points).toBe(939);
  });

  it("keeps left-over points for the next call", async () => {
    const { line, taken } = budget(26, 1000);
    await Promise.all([1, 10, 10, 10].map((cost) => line.pass(cost, "background")));
    expect(taken).toEqual(["background 1", "background 25", "background 5"]);
  });

  it("admits interactive calls before background calls", async () => {
    const { line, taken } = budget(20, 10);
    await Promise.all([line.pass(500, "background"), line.pass(15, "interactive")]);
    expect(taken[0]).toBe("interactive 15");
    expect(taken).toHaveLength(2);
  });

  it("uses the full restore rate", async () => {
    const { line, state } = budget(0, 100);
    await Promise.all(Array.from({ length: 300 }, () => line.pass(10, "background")));
    const ideal = ((300 * 10) / 100) * 1000;
    expect(state.slept).toBeGreaterThanOrEqual(ideal - 1);
    expect(state.slept).toBeLessThan(ideal * 1.1);
  });

  it("removes an aborted call and admits the next", async () => {
    const { line, taken } = budget(0, 1000);
    const stopping = new AbortController();
    const first = line.pass(1_000_000, "background", stopping.signal);
    const second = line.pass(10, "background", new AbortController().signal);
    stopping.abort(new Error("the worker stops"));
    await expect(first).rejects.toThrow("the worker stops");
    await second;
    expect(taken).toEqual(["background 10"]);
  });
});
