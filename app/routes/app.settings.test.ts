import { beforeEach, describe, expect, it, vi } from "vitest";
import { action, loader } from "./app.settings.tsx";

// What the route asks; what these do themselves is tested where they stand.
const asked = vi.hoisted(() => ({
  ensureInstalled: vi.fn(),
  readTimeZone: vi.fn(),
  readCleanUp: vi.fn(),
  startCleanUp: vi.fn(),
  readProgress: vi.fn(),
  isWritingAgreed: vi.fn(),
  readExclusionView: vi.fn(),
  chooseExclusionTag: vi.fn(),
}));
vi.mock("#app/lib/clock.server.ts", () => ({ now: () => new Date("2026-11-21T12:00:00Z") }));
vi.mock("#app/shop/install.server.ts", () => asked);
vi.mock("#app/shop/shop-row.server.ts", () => asked);
vi.mock("#app/campaigns/clean-up.server.ts", () => asked);
vi.mock("#app/queue/progress.server.ts", () => asked);
vi.mock("#app/shop/writing-agreement.server.ts", () => asked);
vi.mock("#app/scoring/exclusion/exclusion-tag.server.ts", () => asked);
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
    asked.readTimeZone.mockResolvedValue("Europe/Paris");
    expect((await loader(visit())).timeZone).toBe("Europe/Paris");
    for (const read of [asked.readExclusionView, asked.readCleanUp, asked.readProgress]) {
      expect(read).toHaveBeenCalledWith("gifts.myshopify.com");
    }
  });

  it("keep the tag that was typed, and none that cannot be one", async () => {
    expect(await action(visit({ exclusionTag: " left out " }))).toMatchObject({ tag: "left out" });
    expect(asked.chooseExclusionTag).toHaveBeenCalledWith("gifts.myshopify.com", "left out");
    asked.chooseExclusionTag.mockClear();
    const refused = await action(visit({ exclusionTag: "clv:high" }));
    expect(refused).toEqual({ kind: "invalid", problem: "reserved" });
    expect(asked.chooseExclusionTag).not.toHaveBeenCalled();
  });

  it("do not take a tag that no column could hold", async () => {
    await expect(action(visit({ exclusionTag: "a\0b" }))).rejects.toMatchObject({ status: 400 });
    await expect(action(visit({}))).rejects.toMatchObject({ status: 400 });
    expect(asked.chooseExclusionTag).not.toHaveBeenCalled();
  });

  it("start to clean up only when that is what was asked for", async () => {
    await expect(action(visit({ intent: "clean" }))).rejects.toMatchObject({ status: 400 });
    expect(asked.startCleanUp).not.toHaveBeenCalled();
    expect(await action(visit({ intent: "clean-up" }))).toEqual({ kind: "asked" });
    expect(asked.startCleanUp).toHaveBeenCalledWith("gifts.myshopify.com");
  });
});
