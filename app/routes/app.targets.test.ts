import { beforeEach, describe, expect, it, vi } from "vitest";
import type { SegmentOutcome } from "#app/campaigns/target.ts";
import { AppError } from "#app/lib/errors.ts";
import { action, loader } from "./app.targets.$axis.$tier.tsx";

// What the route asks; what these do themselves is tested where they stand.
const asked = vi.hoisted(() => ({ createTargetSegment: vi.fn(), readTarget: vi.fn() }));
vi.mock("#app/campaigns/target-segment.server.ts", () => asked);
vi.mock("#app/campaigns/target.server.ts", () => asked);
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

/** The status of the response that was thrown. */
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

describe("making the segment of a target", () => {
  it("asks for it in the shop of the session, with the name that came", async () => {
    asked.createTargetSegment.mockResolvedValue(created);
    expect(await action(visit("clv", "high", { name: " Best customers " }))).toEqual(created);
    expect(asked.createTargetSegment).toHaveBeenCalledWith(
      "gifts.myshopify.com",
      { axis: "clv", tier: "high" },
      "Best customers",
    );
  });

  it("refuses a name that Shopify would not take", async () => {
    for (const name of [" ", "x".repeat(256), "x".repeat(60_000), "a\0b"]) {
      expect(await thrownStatus(action(visit("clv", "high", { name })))).toBe(400);
    }
    expect(await thrownStatus(action(visit("clv", "high", {})))).toBe(400);
    expect(asked.createTargetSegment).not.toHaveBeenCalled();
  });

  it("answers an outside failure with its code, for the screen to put in words", async () => {
    asked.createTargetSegment.mockRejectedValue(unreachable);
    expect(await action(visit("buy", "low", { name: "Low" }))).toEqual({
      kind: "failed",
      code: "shopify-unreachable",
    });
  });

  it("lets a bug through", async () => {
    asked.createTargetSegment.mockRejectedValue(new TypeError("a bug"));
    await expect(action(visit("buy", "low", { name: "Low" }))).rejects.toThrow("a bug");
  });
});

describe("showing a target", () => {
  it("does not know other axes and tiers", async () => {
    expect(await thrownStatus(loader(visit("rfm", "high")))).toBe(404);
    expect(await thrownStatus(loader(visit("clv", "huge")))).toBe(404);
    expect(asked.readTarget).not.toHaveBeenCalled();
  });

  it("is not found before there are scores", async () => {
    asked.readTarget.mockResolvedValue(null);
    expect(await thrownStatus(loader(visit("clv", "high")))).toBe(404);
  });

  it("answers 502 with the code when Shopify cannot be asked", async () => {
    asked.readTarget.mockRejectedValue(unreachable);
    expect(await thrownStatus(loader(visit("clv", "high")))).toBe(502);
  });
});
