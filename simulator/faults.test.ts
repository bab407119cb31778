import { describe, expect, it } from "vitest";

import { FaultSource } from "#simulator/faults.ts";

function draws(faults: FaultSource, times: number): boolean[] {
  return Array.from({ length: times }, () => faults.takes("dropWebhook"));
}

describe("a fault", () => {
  it("hits the requested number of times, and is counted", () => {
    const faults = new FaultSource();
    faults.plan({ dropWebhook: { count: 2 } });
    expect(draws(faults, 4)).toEqual([true, true, false, false]);
    expect(faults.kinds.dropWebhook).toEqual({ count: 0, rate: 0, fired: 2 });
    expect(faults.kinds.duplicateWebhook.fired).toBe(0);
  });

  it("hits a fraction of all, the same ones with the same seed", () => {
    const one = new FaultSource();
    const other = new FaultSource();
    one.plan({ dropWebhook: { rate: 0.25 } }, 7);
    other.plan({ dropWebhook: { rate: 0.25 } }, 7);
    const hits = draws(one, 1000);
    expect(hits).toEqual(draws(other, 1000));
    const share = hits.filter(Boolean).length;
    expect(share).toBeGreaterThan(200);
    expect(share).toBeLessThan(300);
    expect(one.kinds.dropWebhook.fired).toBe(share);
  });

  it("never hits after its end, and keeps its count", () => {
    const faults = new FaultSource();
    faults.plan({ dropWebhook: { count: 2, rate: 1 } });
    draws(faults, 3);
    faults.end();
    expect(draws(faults, 3)).toEqual([false, false, false]);
    expect(faults.kinds.dropWebhook.fired).toBe(3);
    faults.forget();
    expect(faults.kinds.dropWebhook.fired).toBe(0);
  });

  it("keeps faults that a plan does not name", () => {
    const faults = new FaultSource();
    faults.plan({ serverError: { count: 1, status: 503 } });
    faults.plan({ hang: { count: 1 }, serverError: { rate: 0.5 } });
    expect(faults.kinds.serverError).toEqual({ count: 1, rate: 0.5, fired: 0, status: 503 });
    expect(faults.kinds.hang.count).toBe(1);
  });
});
