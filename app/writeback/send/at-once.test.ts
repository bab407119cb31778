import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { atOnce } from "./at-once.ts";

describe("atOnce", () => {
  it("does each item once, within the limit", async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await atOnce([1, 2, 3, 4, 5, 6, 7], {
      workers: 3,
      work: async (item) => {
        most = Math.max(most, ++running);
        await sleep(2);
        running--;
        done.push(item);
      },
    });
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  it("throws the first error after all other work has ended", async () => {
    let running = 0;
    const started: number[] = [];
    const all = atOnce([1, 2, 3, 4, 5], {
      workers: 2,
      work: async (item, signal) => {
        started.push(item);
        running++;
        try {
          if (item === 1) throw new Error("the first");
          await sleep(60_000, undefined, { signal });
        } finally {
          running--;
        }
      },
    });
    await expect(all).rejects.toThrow("the first");
    expect(running).toBe(0);
    expect(started).toEqual([1, 2]);
  });

  it("starts no more items after an abort", async () => {
    const stopping = new AbortController();
    const started: number[] = [];
    const all = atOnce([1, 2, 3], {
      workers: 1,
      signal: stopping.signal,
      work: (item) => {
        started.push(item);
        stopping.abort();
        return Promise.resolve();
      },
    });
    await expect(all).rejects.toThrow("aborted");
    expect(started).toEqual([1]);
  });
});
