import { describe, expect, it } from "vitest";

import { createClock, createManualClock, dayMs } from "#simulator/clock.ts";
import { createRandom } from "#simulator/random.ts";

describe("the shops' clock", () => {
  it("starts at the given time and advances with real time", async () => {
    const clock = createClock({ start: new Date("2026-01-01T00:00:00Z") });
    expect(clock.isoNow()).toMatch(/^2026-01-01T00:00:0\dZ$/);
    const before = clock.now().getTime();
    await clock.sleep(10);
    expect(clock.now().getTime()).toBeGreaterThan(before);
  });

  it("runs what was due in the skipped time, oldest first, and does not advance the bucket's time", () => {
    const clock = createClock();
    const ran: string[] = [];
    clock.schedule(2 * dayMs, () => ran.push("second"));
    clock.schedule(dayMs, () => ran.push("first"));
    clock.schedule(9 * dayMs, () => ran.push("too late"));
    clock.schedule(dayMs, () => ran.push("called off"))();
    const real = clock.monotonicMs();
    clock.advance(7 * dayMs);
    expect(ran).toEqual(["first", "second"]);
    expect(clock.monotonicMs() - real).toBeLessThan(1000);
  });

  it("does not move in tests until it is advanced", async () => {
    const clock = createManualClock(new Date("2026-11-21T12:00:00Z"));
    let awake = false;
    const slept = clock.sleep(500).then(() => (awake = true));
    expect(clock.isoNow()).toBe("2026-11-21T12:00:00Z");
    clock.advance(499);
    await Promise.resolve();
    expect(awake).toBe(false);
    clock.advance(1);
    await slept;
    expect(awake).toBe(true);
  });
});

describe("the random source", () => {
  it("is repeatable from a seed and differs between seeds", () => {
    const draw = (seed: number) => {
      const random = createRandom(seed);
      return [random.uuid(), random.hex(8), random.integer(1000), random.pick(["a", "b", "c"])];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("is uniform", () => {
    const random = createRandom(3);
    const counts = new Array<number>(10).fill(0);
    for (let draws = 0; draws < 10_000; draws += 1) counts[random.integer(10)]! += 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
