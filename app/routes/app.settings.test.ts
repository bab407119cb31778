import { beforeEach, describe, expect, it, vi } from "vitest";

import { action, loader } from "./app.settings.tsx";

// Mocks of what the route calls, which has tests of its own.
const mocks = vi.hoisted(() => {
  // Test files share modules; this drops mocks of other files.
  vi.resetModules();
  return {
    ensureInstalled: vi.fn(),
    readTimeZone: vi.fn(),
    readCleanUp: vi.fn(),
    startCleanUp: vi.fn(),
    readProgress: vi.fn(),
    isWritingAgreed: vi.fn(),
    readExclusionView: vi.fn(),
    chooseExclusionTag: vi.fn(),
  };
});
vi.mock("#app/lib/clock.server.ts", () => ({ now: () => new Date("2026-11-21T12:00:00Z") }));
vi.mock("#app/shop/install.server.ts", () => mocks);
vi.mock("#app/shop/shop-row.server.ts", () => mocks);
vi.mock("#app/campaigns/clean-up.server.ts", () => mocks);
vi.mock("#app/queue/progress.server.ts", () => mocks);
vi.mock("#app/shop/writing-agreement.server.ts", () => mocks);
vi.mock("#app/scoring/exclusion/exclusion-tag.server.ts", () => mocks);
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
    mocks.readTimeZone.mockResolvedValue("Europe/Paris");
    expect((await loader(visit())).timeZone).toBe("Europe/Paris");
    for (const read of [mocks.readExclusionView, mocks.readCleanUp, mocks.readProgress]) {
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

  it("start the clean-up only for its own intent", async () => {
    await expect(action(visit({ intent: "clean" }))).rejects.toMatchObject({ status: 400 });
    expect(mocks.startCleanUp).not.toHaveBeenCalled();
    expect(await action(visit({ intent: "clean-up" }))).toEqual({ kind: "asked" });
    expect(mocks.startCleanUp).toHaveBeenCalledWith("gifts.myshopify.com");
  });
});
