import { beforeEach, describe, expect, it, vi } from "vitest";

import { AppError } from "#app/lib/errors.ts";
import { importing, notAgreed, scored } from "#tests/setup/views.ts";

import { action, loader } from "./app._index.tsx";

// Mocks of what the route calls, which has tests of its own.
const mocks = vi.hoisted(() => {
  // Test files share modules; this drops mocks of other files.
  vi.resetModules();
  return {
    ensureInstalled: vi.fn(),
    readHome: vi.fn(),
    readWriting: vi.fn(),
    readWaiting: vi.fn(),
    readKnownSegments: vi.fn(),
    agreeToWriting: vi.fn(),
    retryTask: vi.fn(),
    enqueueReconciliation: vi.fn(),
  };
});
vi.mock("#app/lib/clock.server.ts", () => ({ now: () => new Date("2026-11-21T12:00:00Z") }));
vi.mock("#app/shop/install.server.ts", () => mocks);
vi.mock("#app/scoring/views/home.server.ts", () => mocks);
vi.mock("#app/campaigns/target-segment.server.ts", () => mocks);
vi.mock("#app/writeback/writing-view.server.ts", () => mocks);
vi.mock("#app/privacy/reports/reports.server.ts", () => mocks);
vi.mock("#app/orders/reconcile/reconciliation-runs.server.ts", () => mocks);
vi.mock("#app/queue/retry.server.ts", () => ({
  parseProgressTask: (value: unknown) => (value === "import" ? value : null),
  retryTask: mocks.retryTask,
}));
vi.mock("#app/shopify.server.ts", () => ({
  withAccess: (_request: Request, work: () => unknown) => work(),
  authenticate: { admin: () => Promise.resolve({ session: { shop: "gifts.myshopify.com" } }) },
}));

function visit(form?: Record<string, string>) {
  const request = new Request("https://encore.example.com/app?index", {
    ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
  });
  return { request, params: {}, context: {} };
}

beforeEach(() => {
  vi.resetAllMocks();
});

describe("opening home", () => {
  it("ensures the installation before it reads", async () => {
    mocks.readHome.mockResolvedValue(scored());
    mocks.readWriting.mockResolvedValue(notAgreed);
    const segment = { segmentId: "1", name: "High", query: "q", adminUrl: "shopify://admin/x" };
    mocks.readKnownSegments.mockResolvedValue({ "clv:high": segment });
    const { view, writing, segments, nowMs } = await loader(visit());
    expect(view.state).toBe("scored");
    expect(segments).toEqual({ "clv:high": segment });
    expect(nowMs).toBe(Date.parse("2026-11-21T12:00:00Z"));
    expect(writing).toEqual(notAgreed);
    const [installed] = mocks.ensureInstalled.mock.invocationCallOrder;
    expect(installed).toBeLessThan(mocks.readHome.mock.invocationCallOrder[0]!);
  });

  it("reads waiting requests of customers", async () => {
    mocks.readHome.mockResolvedValue(importing());
    mocks.readWaiting.mockResolvedValue({ count: 1, dueOn: "2026-12-20" });
    expect((await loader(visit())).requests).toEqual({ count: 1, dueOn: "2026-12-20" });
    expect(mocks.readWaiting).toHaveBeenCalledWith("gifts.myshopify.com");
  });

  it("does not read the dry run before there are scores", async () => {
    mocks.readHome.mockResolvedValue(importing());
    expect((await loader(visit())).writing).toBeNull();
    expect(mocks.readWriting).not.toHaveBeenCalled();
  });

  it("answers with the code when Shopify cannot be used", async () => {
    const failure = new AppError("shopify-throttled", "busy", { retryable: true });
    mocks.ensureInstalled.mockRejectedValue(failure);
    const thrown: unknown = await loader(visit()).catch((error: unknown) => error);
    if (!(thrown instanceof Response)) throw new Error("expected a thrown response");
    expect(thrown.status).toBe(502);
    expect(await thrown.json()).toEqual({ code: "shopify-throttled" });
  });
});

describe("pressing the button of the dry run", () => {
  it("records the agreement of the session's shop", async () => {
    expect(await action(visit({ intent: "agree" }))).toEqual({ done: "agree" });
    expect(mocks.agreeToWriting).toHaveBeenCalledWith("gifts.myshopify.com");
  });

  it("refuses other intents", async () => {
    const thrown: unknown = await action(visit({ intent: "other" })).catch((e: unknown) => e);
    if (!(thrown instanceof Response)) throw new Error("expected a thrown response");
    expect(thrown.status).toBe(400);
    expect(mocks.agreeToWriting).not.toHaveBeenCalled();
  });
});

describe("pressing the button of a failed task", () => {
  it("retries that task", async () => {
    await action(visit({ intent: "retry", task: "import" }));
    expect(mocks.retryTask).toHaveBeenCalledWith("gifts.myshopify.com", "import");
  });

  it("refuses unknown tasks", async () => {
    const thrown: unknown = await action(visit({ intent: "retry", task: "x" })).catch(
      (error: unknown) => error,
    );
    if (!(thrown instanceof Response)) throw new Error("expected a thrown response");
    expect(thrown.status).toBe(400);
  });
});
