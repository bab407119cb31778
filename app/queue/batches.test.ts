import { describe, expect, it } from "vitest";

import { Batches } from "./batches.ts";

/** Batches whose work ends when the test calls `endNext`. */
function held(limits = { turnsAtOnce: 1, itemsPerTurn: 3 }) {
  const turns: number[][] = [];
  const ends: (() => void)[] = [];
  const batches = new Batches<number>((items) => {
    turns.push(items);
    return new Promise((resolve, reject) => {
      ends.push(() => {
        if (items.includes(13)) reject(new Error("thirteen"));
        else resolve();
      });
    });
  }, limits);
  const endNext = async () => {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { batches, turns, endNext };
}

describe("batches", () => {
  it("start at once, and take items that arrive meanwhile in the next turn", async () => {
    const { batches, turns, endNext } = held();
    const all = [1, 2, 3, 4, 5, 6].map((item) => batches.add(item));
    expect(turns).toEqual([[1]]);
    await endNext();
    await all[0];
    expect(turns).toEqual([[1], [2, 3, 4]]);
    await endNext();
    await endNext();
    await Promise.all(all);
    expect(turns).toEqual([[1], [2, 3, 4], [5, 6]]);
  });

  it("run up to the limit of turns at once", () => {
    const { batches, turns } = held({ turnsAtOnce: 2, itemsPerTurn: 3 });
    for (const item of [1, 2, 3]) void batches.add(item);
    expect(turns).toEqual([[1], [2]]);
  });

  it("retry each item alone when a turn fails, and reject only failing ones", async () => {
    const { batches, turns, endNext } = held();
    const first = batches.add(1);
    const [good, bad, last] = [2, 13, 4].map((item) => batches.add(item).catch(String));
    for (let turn = 0; turn < 5; turn += 1) await endNext();
    expect(await Promise.all([first, good, bad, last])).toEqual([
      undefined,
      undefined,
      "Error: thirteen",
      undefined,
    ]);
    expect(turns).toEqual([[1], [2, 13, 4], [2], [13], [4]]);
  });
});
