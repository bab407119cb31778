import { describe, expect, it } from "vitest";

import { CostBucket } from "./throttle.ts";

/** Time that passes only in sleep. */
function testClock() {
  let now = 0;
  return {
    now: () => now,
    sleep: async (milliseconds: number) => {
      await Promise.resolve();
      now += milliseconds;
    },
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

const full = { maximumAvailable: 2000, currentlyAvailable: 2000, restoreRate: 100 };

async function filled(clock = testClock(), currentlyAvailable = 2000) {
  const bucket = new CostBucket(clock);
  await bucket.take(1, "interactive");
  bucket.settle(1, { ...full, currentlyAvailable });
  return bucket;
}

describe("the cost bucket", () => {
  it("lets a call through at once while there are points", async () => {
    const clock = testClock();
    const bucket = await filled(clock);
    await bucket.take(1000, "interactive");
    expect(clock.now()).toBe(0);
    expect(bucket.available).toBe(1000);
  });

  it("waits for exactly the points that are missing", async () => {
    const clock = testClock();
    const bucket = await filled(clock, 100);
    await bucket.take(300, "interactive");
    expect(clock.now()).toBe(2000);
  });

  it("never counts on more than the bucket holds", async () => {
    const clock = testClock();
    const bucket = await filled(clock);
    clock.pass(3_600_000);
    expect(bucket.available).toBe(2000);
  });

  it("leaves room for people when work in the background runs the bucket down", async () => {
    const clock = testClock();
    const bucket = await filled(clock, 250);
    expect(bucket.waitFor(100, "background")).toBe(500);
    expect(bucket.waitFor(100, "interactive")).toBe(0);
  });

  it("takes interactive calls before those that came earlier in the background", async () => {
    const bucket = await filled(testClock(), 0);
    const order: string[] = [];
    await Promise.all([
      bucket.take(50, "background").then(() => order.push("background")),
      bucket.take(50, "interactive").then(() => order.push("interactive")),
    ]);
    expect(order).toEqual(["interactive", "background"]);
  });

  it("uses the restore rate fully: many calls take their cost divided by the rate", async () => {
    const clock = testClock();
    const bucket = await filled(clock, 0);
    const calls = 500;
    let left = 0;
    for (let call = 0; call < calls; call += 1) {
      await bucket.take(10, "background");
      left = bucket.available;
      bucket.settle(10, { ...full, currentlyAvailable: left });
    }
    const ideal = ((calls * 10) / full.restoreRate) * 1000;
    expect(clock.now()).toBeLessThan(ideal * 1.1);
    expect(clock.now()).toBeGreaterThanOrEqual(ideal);
  });

  it("believes the reply over its own picture, and counts calls on their way", async () => {
    const bucket = await filled();
    await bucket.take(10, "background");
    await bucket.take(10, "background");
    bucket.settle(10, { ...full, currentlyAvailable: 700 });
    expect(bucket.available).toBe(690);
  });

  it("counts the points of a call that got no reply as spent", async () => {
    const bucket = await filled();
    await bucket.take(100, "background");
    bucket.settle(100, undefined);
    expect(bucket.available).toBe(1900);
  });

  it("tries a call dearer than the whole bucket when it is full", async () => {
    const bucket = await filled();
    expect(bucket.waitFor(5000, "background")).toBe(0);
  });
});
