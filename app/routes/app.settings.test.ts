import { beforeEach, describe, expect, it, vi } from "vitest";

import { action, loader } from "./app.settings.tsx";

// Mocks of what the route calls, which has tests of its own.
const mocks = vi.hoisted(() => {
  // Test files share modules; this drops mocks of other files.
  vi.resetModules();
  return {
    ensureInstalled: vi.fn(),
    readInstalled: vi.fn(),
    readCleanUp: vi.fn(),
    startCleanUp: vi.fn(),
    readProgress: vi.fn(),
    readWriting: vi.fn(),
    pauseWriting: vi.fn(),
    resumeWriting: vi.fn(),
    readExclusionView: vi.fn(),
    chooseExclusionTag: vi.fn(),
    readHorizonSettings: vi.fn(),
    readTierSettings: vi.fn(),
    chooseTierOptions: vi.fn(),
    chooseHorizon: vi.fn(),
    readOrderRules: vi.fn(),
    chooseOrderRules: vi.fn(),
  };
});
vi.mock("#app/lib/clock.server.ts", () => ({ now: () => new Date("2026-11-21T12:00:00Z") }));
vi.mock("#app/shop/install.server.ts", () => mocks);
vi.mock("#app/shop/shop-row.server.ts", () => mocks);
vi.mock("#app/campaigns/clean-up.server.ts", () => mocks);
vi.mock("#app/queue/progress.server.ts", () => mocks);
vi.mock("#app/writeback/pause.server.ts", () => mocks);
vi.mock("#app/writeback/writing-view.server.ts", () => mocks);
vi.mock("#app/scoring/exclusion/exclusion-tag.server.ts", () => mocks);
vi.mock("#app/orders/store/order-rules.server.ts", () => mocks);
vi.mock("#app/scoring/views/tier-settings.server.ts", () => mocks);
vi.mock("#app/scoring/store/scoring-settings.server.ts", () => mocks);
vi.mock("#app/shopify.server.ts", () => ({
  withAccess: (_request: Request, work: () => unknown) => work(),
  authenticate: { admin: () => Promise.resolve({ session: { shop: "gifts.myshopify.com" } }) },
}));

function visit(form?: Record<string, string>) {
  const request = new Request("https://encore.example.com/app/settings", {
    ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
  });
  return { request, params: {}, context: {} };
}

beforeEach(() => {
  vi.resetAllMocks();
});

describe("the settings", () => {
  it("are read in the shop of the session", async () => {
    mocks.readInstalled.mockResolvedValue({ timeZone: "Europe/Paris", currency: "EUR" });
    expect(await loader(visit())).toMatchObject({ timeZone: "Europe/Paris", currency: "EUR" });
    for (const read of [
      mocks.readTierSettings,
      mocks.readHorizonSettings,
      mocks.readExclusionView,
      mocks.readCleanUp,
      mocks.readWriting,
      mocks.readProgress,
    ]) {
      expect(read).toHaveBeenCalledWith("gifts.myshopify.com");
    }
  });

  it("store a valid exclusion tag only", async () => {
    expect(await action(visit({ exclusionTag: " left out " }))).toMatchObject({ tag: "left out" });
    expect(mocks.chooseExclusionTag).toHaveBeenCalledWith("gifts.myshopify.com", "left out");
    mocks.chooseExclusionTag.mockClear();
    const refused = await action(visit({ exclusionTag: "clv:high" }));
    expect(refused).toEqual({ kind: "invalid", problem: "reserved" });
    expect(mocks.chooseExclusionTag).not.toHaveBeenCalled();
  });

  it("refuse a tag with a NUL, and a form without one", async () => {
    await expect(action(visit({ exclusionTag: "a\0b" }))).rejects.toMatchObject({ status: 400 });
    await expect(action(visit({}))).rejects.toMatchObject({ status: 400 });
    expect(mocks.chooseExclusionTag).not.toHaveBeenCalled();
  });

  it("store tiers within their limits only, as the engine's options", async () => {
    const tiers = {
      intent: "tiers",
      buyHigh: "3",
      buyLow: "0.5",
      clvHigh: "40",
      clvModerate: "50",
    };
    expect(await action(visit(tiers))).toEqual({ kind: "asked" });
    const options = { buyHighOdds: 3, buyLowOdds: 0.5, clvHighShare: 0.4, clvUpperShare: 0.9 };
    expect(mocks.chooseTierOptions).toHaveBeenCalledExactlyOnceWith("gifts.myshopify.com", options);
    for (const wrong of [{ buyHigh: "0.5" }, { clvHigh: "90" }, { buyLow: "" }]) {
      await expect(action(visit({ ...tiers, ...wrong }))).rejects.toMatchObject({ status: 400 });
    }
    expect(mocks.chooseTierOptions).toHaveBeenCalledTimes(1);
  });

  it("store rules for orders, and refuse too many names", async () => {
    const rules = { intent: "order-rules", tags: "Wholesale, ,b2b", channels: "" };
    expect(await action(visit(rules))).toEqual({ kind: "asked" });
    const stored = { tags: ["Wholesale", "b2b"], channels: [] };
    expect(mocks.chooseOrderRules).toHaveBeenCalledExactlyOnceWith("gifts.myshopify.com", stored);
    await action(visit({ ...rules, tags: "", countZero: "on" }));
    const counting = { tags: [], channels: [], countZero: true };
    expect(mocks.chooseOrderRules).toHaveBeenLastCalledWith("gifts.myshopify.com", counting);
    const many = Array.from({ length: 21 }, (_, index) => `t${index}`).join();
    expect(await action(visit({ ...rules, tags: many }))).toEqual({ kind: "invalid" });
    expect(mocks.chooseOrderRules).toHaveBeenCalledTimes(2);
  });

  it("store one of the engine's horizons, or none", async () => {
    await action(visit({ intent: "horizon", horizon: "365" }));
    await action(visit({ intent: "horizon", horizon: "auto" }));
    expect(mocks.chooseHorizon.mock.calls.map(([, days]) => days as unknown)).toEqual([365, null]);
    for (const horizon of ["60", "", "365.0"]) {
      const sent = action(visit({ intent: "horizon", horizon }));
      await expect(sent).rejects.toMatchObject({ status: 400 });
    }
    expect(mocks.chooseHorizon).toHaveBeenCalledTimes(2);
  });

  it("pause and resume writing, each for its own intent", async () => {
    expect(await action(visit({ intent: "pause" }))).toEqual({ kind: "asked" });
    expect(mocks.pauseWriting).toHaveBeenCalledExactlyOnceWith("gifts.myshopify.com");
    expect(mocks.resumeWriting).not.toHaveBeenCalled();
    await action(visit({ intent: "resume" }));
    expect(mocks.resumeWriting).toHaveBeenCalledExactlyOnceWith("gifts.myshopify.com");
    expect(mocks.pauseWriting).toHaveBeenCalledTimes(1);
  });

  it("start the clean-up only for its own intent", async () => {
    await expect(action(visit({ intent: "clean" }))).rejects.toMatchObject({ status: 400 });
    expect(mocks.startCleanUp).not.toHaveBeenCalled();
    expect(await action(visit({ intent: "clean-up" }))).toEqual({ kind: "asked" });
    expect(mocks.startCleanUp).toHaveBeenCalledWith("gifts.myshopify.com");
  });
});
