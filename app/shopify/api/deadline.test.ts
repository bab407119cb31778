import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { Deadline } from "./deadline.ts";

const never = () => new Promise<never>(() => undefined);

describe("a deadline", () => {
  it("hands on what comes in time, however many waits there are", async () => {
    const deadline = new Deadline(2_000, undefined);
    for (const found of [1, 2, 3]) {
      expect(await deadline.wait(sleep(1, found))).toBe(found);
    }
    expect(deadline.signal.aborted).toBe(false);
  });

  it("ends a wait that takes too long, also when the work heeds no signal", async () => {
    const deadline = new Deadline(20, undefined);
    await expect(deadline.wait(never())).rejects.toMatchObject({ name: "TimeoutError" });
    expect(deadline.signal.aborted).toBe(true);
  });

  it("ends with the signal that it was given, before a wait or during one", async () => {
    const outer = new AbortController();
    const deadline = new Deadline(60_000, outer.signal);
    const waiting = deadline.wait(never());
    outer.abort(new Error("stopping"));
    await expect(waiting).rejects.toThrow("stopping");
    await expect(new Deadline(60_000, outer.signal).wait(never())).rejects.toThrow("stopping");
  });

  it("no longer follows that signal once it has ended", () => {
    const outer = new AbortController();
    const deadline = new Deadline(60_000, outer.signal);
    deadline.end();
    outer.abort();
    expect(deadline.signal.aborted).toBe(false);
  });

  it("still comes when memory has been cleaned up meanwhile", async () => {
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
