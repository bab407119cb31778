import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { Deadline } from "./deadline.ts";

const never = () => new Promise<never>(() => undefined);

describe("a deadline", () => {
  it("passes on results that arrive in time, for each of several waits", async () => {
    const deadline = new Deadline(2_000, undefined);
    for (const found of [1, 2, 3]) {
      expect(await deadline.wait(sleep(1, found))).toBe(found);
    }
    expect(deadline.signal.aborted).toBe(false);
  });

  it("ends a wait that takes too long, even if the work ignores the signal", async () => {
    const deadline = new Deadline(20, undefined);
    await expect(deadline.wait(never())).rejects.toMatchObject({ name: "TimeoutError" });
    expect(deadline.signal.aborted).toBe(true);
  });

  it("ends with the outer signal, before or during a wait", async () => {
    const outer = new AbortController();
    const deadline = new Deadline(60_000, outer.signal);
    const waiting = deadline.wait(never());
    outer.abort(new Error("stopping"));
    await expect(waiting).rejects.toThrow("stopping");
    await expect(new Deadline(60_000, outer.signal).wait(never())).rejects.toThrow("stopping");
  });

  it("no longer follows the outer signal after end()", () => {
    const outer = new AbortController();
    const deadline = new Deadline(60_000, outer.signal);
    deadline.end();
    outer.abort();
    expect(deadline.signal.aborted).toBe(false);
  });

  it("fires even after garbage collection", async () => {
    const collect = (globalThis as { gc?: () => void }).gc;
    const deadline = new Deadline(200, new AbortController().signal);
    const waiting = deadline.wait(never());
    for (let times = 0; times < 5; times += 1) {
      collect?.();
      await sleep(10);
    }
    await expect(waiting).rejects.toMatchObject({ name: "TimeoutError" });
  });
});
