import { beforeEach, describe, expect, it, vi } from "vitest";

import type { SegmentOutcome } from "#app/campaigns/target.ts";
import { AppError } from "#app/lib/errors.ts";

import { action, loader } from "./app.targets.$axis.$tier.tsx";

// Mocks of what the route calls, which has tests of its own.
const mocks = vi.hoisted(() => {
  // Test files share modules; this drops mocks of other files.
  vi.resetModules();
  return { createTargetSegment: vi.fn(), readTarget: vi.fn() };
});
vi.mock("#app/campaigns/target-segment.server.ts", () => mocks);
vi.mock("#app/campaigns/target.server.ts", () => mocks);
vi.mock("#app/shop/install.server.ts", () => mocks);
vi.mock("#app/shopify.server.ts", () => ({
  withAccess: (_request: Request, work: () => unknown) => work(),
  authenticate: { admin: () => Promise.resolve({ session: { shop: "gifts.myshopify.com" } }) },
}));

const created: SegmentOutcome = {
  kind: "created",
  segment: {
    segmentId: "7",
    name: "High",
    query: "q",
    adminUrl: "shopify://admin/customers/segments/7",
  },
};

function visit(axis: string, tier: string, form?: Record<string, string>) {
  const request = new Request(`https://encore.example.com/app/targets/${axis}/${tier}`, {
    ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
  });
  return { request, params: { axis, tier }, context: {} };
}

async function thrownStatus(promise: Promise<unknown>): Promise<number> {
  const thrown: unknown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Response)) throw new Error("expected a thrown response");
  return thrown.status;
}

const unreachable = new AppError("shopify-unreachable", "no answer", { retryable: true });

beforeEach(() => {
  vi.resetAllMocks();
});

describe("creating the segment of a target", () => {
  it("asks for it in the shop of the session, with the name that came", async () => {
    mocks.createTargetSegment.mockResolvedValue(created);
    expect(await action(visit("clv", "high", { name: " Best customers " }))).toEqual(created);
    expect(mocks.createTargetSegment).toHaveBeenCalledWith(
      "gifts.myshopify.com",
      { axis: "clv", tier: "high" },
      "Best customers",
    );
  });

  it("refuses an invalid name", async () => {
    for (const name of [" ", "x".repeat(256), "x".repeat(60_000), "a\0b"]) {
      expect(await thrownStatus(action(visit("clv", "high", { name })))).toBe(400);
    }
    expect(await thrownStatus(action(visit("clv", "high", {})))).toBe(400);
    expect(mocks.createTargetSegment).not.toHaveBeenCalled();
  });

  it("returns the code of an outside failure", async () => {
    mocks.createTargetSegment.mockRejectedValue(unreachable);
    expect(await action(visit("buy", "low", { name: "Low" }))).toEqual({
      kind: "failed",
      code: "shopify-unreachable",
    });
  });

  it("lets a bug through", async () => {
    mocks.createTargetSegment.mockRejectedValue(new TypeError("a bug"));
    await expect(action(visit("buy", "low", { name: "Low" }))).rejects.toThrow("a bug");
  });
});

describe("showing a target", () => {
  it("answers 404 for unknown axes and tiers", async () => {
    expect(await thrownStatus(loader(visit("rfm", "high")))).toBe(404);
    expect(await thrownStatus(loader(visit("clv", "huge")))).toBe(404);
    expect(mocks.readTarget).not.toHaveBeenCalled();
  });

  it("is not found before there are scores", async () => {
    mocks.readTarget.mockResolvedValue(null);
    expect(await thrownStatus(loader(visit("clv", "high")))).toBe(404);
  });

  it("answers 502 with the code when Shopify cannot be used", async () => {
    mocks.readTarget.mockRejectedValue(unreachable);
    expect(await thrownStatus(loader(visit("clv", "high")))).toBe(502);
  });
});
